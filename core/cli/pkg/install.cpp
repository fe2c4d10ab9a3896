// SPDX-License-Identifier: Apache-2.0
#include "package/install.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>

#include "cli/origin/commands.hpp"
#include "cli/origin/key_cache.hpp"
#include "cli/pkg/binlink.hpp"
#include "cli/pkg/commands.hpp"
#include "cli/pkg/package_hooks.hpp"
#include "package/artifact_directory.hpp"

namespace hab::cli {
namespace {

constexpr std::array<std::string_view, 1> also{"install"};
constexpr std::array arguments = {
    ArgumentSpec{.name = "PKG_IDENT_OR_ARTIFACT",
                 .help = "Package identifiers or .hart files, installed in this order",
                 .rest = true}};
constexpr std::array options = {
    OptionSpec{.name = "binlink",
               .letter = 'b',
               .kind = OptionKind::flag,
               .help = "Link all programs of the installed packages afterwards"},
    OptionSpec{.name = "binlink-dir",
               .kind = OptionKind::value,
               .value_name = "DIR",
               .help = "Directory of the links, below FS_ROOT; giving it implies --binlink",
               .env = "HAB_BINLINK_DIR",
               .default_value = "/bin"},
    OptionSpec{.name = "force",
               .letter = 'f',
               .kind = OptionKind::flag,
               .help = "Replace links that lead elsewhere"},
    OptionSpec{.name = "ignore-install-hook",
               .kind = OptionKind::flag,
               .help = "Do not run install hooks"},
    OptionSpec{.name = "offline",
               .kind = OptionKind::flag,
               .help = "Use installed packages and the artifact cache only"},
    OptionSpec{.name = "ignore-local",
               .kind = OptionKind::flag,
               .help = "Do not settle for an installed package when looking for the newest one"},
    cache_key_path_option};

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
        case package::InstallStep::waiting:
            terminal.status("Waiting", "for another hab that installs " + ident.to_string());
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

package::InstallOptions read_options(Invocation& invocation) {
    package::InstallOptions wanted;
    wanted.ignore_local = invocation.args.flag("ignore-local");
    wanted.offline = invocation.args.flag("offline");
    wanted.progress = [&invocation](package::InstallStep step, const package::Ident& ident) {
        show(invocation.terminal, step, ident);
    };
    wanted.waiting_for_removal = [&invocation] {
        invocation.terminal.status("Waiting", "until packages are removed");
    };
    return wanted;
}

void binlink(const Invocation& invocation, const package::InstalledPackage& package) {
    const Arguments& args = invocation.args;
    if (!args.flag("binlink") && args.source("binlink-dir") != ValueSource::command_line) return;
    package::BinlinkOptions wanted;
    wanted.dir = args.require("binlink-dir");
    wanted.force = args.flag("force");
    binlink_package(invocation, package, std::nullopt, wanted);
}

int run(Invocation& invocation) {
    const auto words = invocation.args.all("PKG_IDENT_OR_ARTIFACT");
    auto places = places_of(words, invocation.paths);
    std::vector<package::PackageSource*> sources;
    for (auto& place : places)
        sources.push_back(&place);
    const package::InstalledPackages store(invocation.paths);
    package::Installer installer(store, key_cache_of(invocation), sources,
                                 read_options(invocation));
    PackageHooks hooks(invocation, store);
    for (const std::string& word : words) {
        invocation.terminal.begin(fmt::format("Installing {}", word));
        const auto done = is_file_argument(word)
                              ? installer.install_file(word)
                              : installer.install_ident(package::Ident::parse(word));
        try {
            if (!invocation.args.flag("ignore-install-hook")) hooks.run_install_hooks(done.package);
        } catch (const HookFailed& failure) {
            invocation.terminal.fatal(failure);
            return failure.hook_exit_code();
        }
        invocation.terminal.end(
            fmt::format("Install of {} complete with {} new packages installed.",
                        done.package.ident().to_string(), done.new_packages));
        binlink(invocation, done.package);
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
                                            "key of the package's origin must be in the key cache. "
                                            "Install hooks that have not succeeded yet run "
                                            "afterwards, those of dependencies first.",
                                        .arguments = arguments,
                                        .options = options,
                                        .exit_codes = "N  exit code of an install hook that failed",
                                        .run = run,
                                        .also = also};
    return command;
}

}  // namespace hab::cli
