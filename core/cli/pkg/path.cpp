// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/pkg/commands.hpp"
#include "package/installed.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{
    .name = "PKG_IDENT", .help = "An installed package: origin/name[/version[/release]]"}};

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    invocation.terminal.out(package.dir().string() + "\n");
    return 0;
}

}  // namespace

const Command& pkg_path_command() {
    static constexpr Command command = {
        .path = "pkg path",
        .summary = "Print where an installed package is",
        .description = "The newest one, if the identifier fits several.",
        .arguments = arguments,
        .options = {},
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
