// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/pkg/commands.hpp"
#include "package/installed.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {
    ArgumentSpec{.name = "PKG_IDENT", .help = "List packages of this name", .required = false}};
constexpr std::array options = {OptionSpec{.name = "all",
                                           .letter = 'a',
                                           .value_name = {},
                                           .help = "List all packages",
                                           .env = {},
                                           .default_value = {}},
                                OptionSpec{.name = "origin",
                                           .letter = 'o',
                                           .kind = OptionKind::value,
                                           .value_name = "ORIGIN",
                                           .help = "List packages of this origin",
                                           .env = {},
                                           .default_value = {}}};

std::vector<package::Ident> select(const Arguments& args, const package::InstalledPackages& store) {
    const auto ident = args.get("PKG_IDENT");
    const auto origin = args.get("origin");
    const int given = (ident ? 1 : 0) + (origin ? 1 : 0) + (args.flag("all") ? 1 : 0);
    if (given != 1) {
        throw Error(ErrorCode::usage,
                    given == 0 ? "nothing was said about which packages to list"
                               : "more than one thing was said about which packages to list",
                    "give exactly one of --all, --origin ORIGIN and PKG_IDENT");
    }
    if (ident) return store.list_matching(package::Ident::parse(*ident));
    return origin ? store.list_origin(*origin) : store.list();
}

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    std::string lines;
    for (const auto& ident : select(invocation.args, store))
        lines += ident.to_string() + "\n";
    invocation.terminal.out(lines);
    return 0;
}

}  // namespace

const Command& pkg_list_command() {
    static constexpr Command command = {
        .path = "pkg list",
        .summary = "List installed packages",
        .description = "One a line, sorted by origin, name, version and release.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
