// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/strings.hpp"
#include "cli/pkg/commands.hpp"
#include "package/installed.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{
    .name = "PKG_IDENT", .help = "An installed package: origin/name[/version[/release]]"}};

void print(Terminal& terminal, std::string_view title, const std::vector<package::Bind>& binds) {
    if (binds.empty()) return;
    terminal.out(fmt::format("{}:\n", title));
    for (const package::Bind& bind : binds) {
        terminal.out(fmt::format("  {} = {}\n", bind.name, join(bind.exports, " ")));
    }
}

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    const auto required = package.meta().binds(package::metafile::binds);
    const auto optional = package.meta().binds(package::metafile::binds_optional);
    print(invocation.terminal, "Required binds", required);
    print(invocation.terminal, "Optional binds", optional);
    if (required.empty() && optional.empty()) {
        invocation.terminal.warn(fmt::format("{} has no binds", package.ident().to_string()));
    }
    return 0;
}

}  // namespace

const Command& pkg_binds_command() {
    static constexpr Command command = {
        .path = "pkg binds",
        .summary = "Print the binds of an installed package",
        .description = "Each with the exports that the bound service must have.",
        .arguments = arguments,
        .options = {},
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
