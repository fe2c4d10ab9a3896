// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "cli/pkg/commands.hpp"
#include "package/installed.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "FILE", .help = "Name of a file, without directories"}};
constexpr std::array options = {OptionSpec{.name = "full-releases",
                                           .letter = 'r',
                                           .value_name = {},
                                           .help = "Print version and release, too",
                                           .env = {},
                                           .default_value = {}},
                                OptionSpec{.name = "full-paths",
                                           .letter = 'p',
                                           .value_name = {},
                                           .help = "Print the path of every such file, too",
                                           .env = {},
                                           .default_value = {}}};

/// Paths of everything of that name in one package, sorted.
std::vector<std::string> find_in(const fs::path& dir, const std::string& name) {
    std::vector<std::string> found;
    std::error_code error;
    constexpr auto skip = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(dir, skip, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().filename() == name) found.push_back(it->path().string());
    }
    if (error && error != std::errc::no_such_file_or_directory) {  // removed while we look
        throw Error::from_errno(fmt::format("cannot search '{}'", dir.string()), error.value());
    }
    std::sort(found.begin(), found.end());
    return found;
}

int run(Invocation& invocation) {
    const std::string name = invocation.args.require("FILE");
    if (name.empty() || name.find('/') != name.npos) {
        throw Error(ErrorCode::usage, fmt::format("'{}' is not the name of a file", name),
                    "give the last part of the path only, for example: hab pkg provides nginx");
    }
    const package::InstalledPackages store(invocation.paths);
    std::set<std::string> printed;
    bool any = false;
    for (const auto& ident : store.list()) {
        const auto found = find_in(store.dir_of(ident), name);
        if (found.empty()) continue;
        any = true;
        const std::string label = invocation.args.flag("full-releases")
                                      ? ident.to_string()
                                      : ident.without_version().to_string();
        if (invocation.args.flag("full-paths")) {
            for (const std::string& path : found)
                invocation.terminal.out(fmt::format("{}: {}\n", label, path));
        } else if (printed.insert(label).second) {
            invocation.terminal.out(label + "\n");
        }
    }
    if (any) return 0;
    throw Error(ErrorCode::not_found,
                fmt::format("no installed package has a file named '{}'", name),
                "the name must be complete and its case must match");
}

}  // namespace

const Command& pkg_provides_command() {
    static constexpr Command command = {
        .path = "pkg provides",
        .summary = "Print which installed packages have a file of that name",
        .description = "One package a line, sorted.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
