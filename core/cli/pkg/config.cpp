// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/pkg/commands.hpp"
#include "config/toml.hpp"
#include "package/installed.hpp"

namespace hab::cli {
namespace {

constexpr std::array<std::string_view, 1> also{"sup config"};
constexpr std::array arguments = {ArgumentSpec{
    .name = "PKG_IDENT", .help = "An installed package: origin/name[/version[/release]]"}};

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    const auto config =
        config::read_toml_if_exists(package.dir() / package::metafile::default_toml);
    if (config) {
        invocation.terminal.out(config::to_toml(*config));
    } else {
        invocation.terminal.warn(
            fmt::format("{} has no default.toml", package.ident().to_string()));
    }
    return 0;
}

}  // namespace

const Command& pkg_config_command() {
    static constexpr Command command = {
        .path = "pkg config",
        .summary = "Print the default configuration of an installed package",
        .description = "Its default.toml, read and written again: comments are left out.",
        .arguments = arguments,
        .options = {},
        .exit_codes = {},
        .run = run,
        .also = also};
    return command;
}

}  // namespace hab::cli
