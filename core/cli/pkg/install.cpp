// SPDX-License-Identifier: Apache-2.0
#include "package/install.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>

#include "cli/origin/commands.hpp"
#include "cli/origin/key_cache.hpp"
#include "cli/pkg/commands.hpp"
#include "package/artifact_directory.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "PKG_IDENT_OR_ARTIFACT",
                 .help = "Package identifiers or .hart files, installed in this order",
                 .rest = true}};
constexpr std::array options = {cache_key_path_option};

/// An argument is a file if it looks like an artifact or is there; upstream's rule.
bool is_file_argument(const std::string& word) {
    std::error_code error;
    return word.ends_with(".hart") || fs::is_regular_file(word, error);
}

void show(Terminal& terminal, package::InstallStep step, const package::Ident& ident) {
    switch (step) {
        case package::InstallStep::found:
            terminal.status("Using", ident.to_string());
            break;
        case package::InstallStep::verifying:
            terminal.status("Verifying and unpacking", ident.to_string());
            break;
        case package::InstallStep::installed:
            terminal.status("Installed", ident.to_string());
            break;
    }
}

/// Where dependencies may come from: the artifact cache, and the directories of all given files.
std::deque<package::ArtifactDirectory> places_of(const std::vector<std::string>& words,
                                                 const Paths& paths) {
    std::deque<package::ArtifactDirectory> places;
    places.emplace_back(paths.artifact_cache());
    for (const std::string& word : words) {
        if (!is_file_argument(word)) continue;
        const fs::path dir = fs::path(word).parent_path();
        places.emplace_back(dir.empty() ? fs::path(".") : dir);
    }
    return places;
}

int run(Invocation& invocation) {
    const auto words = invocation.args.all("PKG_IDENT_OR_ARTIFACT");
    auto places = places_of(words, invocation.paths);
    std::vector<package::PackageSource*> sources;
    for (auto& place : places)
        sources.push_back(&place);
    package::InstallOptions install_options;
    install_options.progress = [&](package::InstallStep step, const package::Ident& ident) {
        show(invocation.terminal, step, ident);
    };
    package::Installer installer(package::InstalledPackages(invocation.paths),
                                 key_cache_of(invocation), sources, install_options);
    for (const std::string& word : words) {
        invocation.terminal.begin(fmt::format("Installing {}", word));
        const auto done = is_file_argument(word)
                              ? installer.install_file(word)
                              : installer.install_ident(package::Ident::parse(word));
        invocation.terminal.end(
            fmt::format("Install of {} complete with {} new packages installed.",
                        done.package.ident().to_string(), done.new_packages));
    }
    return 0;
}

}  // namespace

const Command& pkg_install_command() {
    static constexpr Command command = {.path = "pkg install",
                                        .summary = "Install packages from artifacts",
                                        .description =
                                            "Verifies the artifact, unpacks it and everything it "
                                            "depends on, and puts it below /hab/pkgs. "
                                            "Dependencies are taken from the artifact cache and "
                                            "from beside the given files. The public "
                                            "key of the package's origin must be in the key cache.",
                                        .arguments = arguments,
                                        .options = options,
                                        .exit_codes = {},
                                        .run = run};
    return command;
}

}  // namespace hab::cli
