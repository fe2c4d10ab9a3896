// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/pkg/commands.hpp"
#include "package/package_graph.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{
    .name = "PKG_IDENT", .help = "An installed package: origin/name[/version[/release]]"}};
constexpr std::array options = {OptionSpec{.name = "transitive",
                                           .letter = 't',
                                           .value_name = {},
                                           .help = "Also what those need, and so on",
                                           .env = {},
                                           .default_value = {}},
                                OptionSpec{.name = "reverse",
                                           .letter = 'r',
                                           .value_name = {},
                                           .help = "The packages that need this one instead",
                                           .env = {},
                                           .default_value = {}}};

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    const auto graph = package::PackageGraph::read(store);
    const auto direction = invocation.args.flag("reverse") ? package::Direction::dependents
                                                           : package::Direction::dependencies;
    for (const auto& ident :
         graph.related(package.ident(), direction, invocation.args.flag("transitive"))) {
        invocation.terminal.out(ident.to_string() + "\n");
    }
    return 0;
}

}  // namespace

const Command& pkg_dependencies_command() {
    static constexpr Command command = {
        .path = "pkg dependencies",
        .summary = "Print which packages an installed package needs, or which need it",
        .description =
            "One a line, from the DEPS of installed packages; with --transitive nearest first.",
        .arguments = arguments,
        .options = options,
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
