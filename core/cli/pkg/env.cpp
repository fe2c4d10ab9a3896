// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "cli/pkg/commands.hpp"
#include "package/environment.hpp"

namespace hab::cli {
namespace {

constexpr std::array arguments = {ArgumentSpec{
    .name = "PKG_IDENT", .help = "An installed package: origin/name[/version[/release]]"}};

/// For a double-quoted word of a shell. Upstream prints the value as it is, which runs what is
/// between backquotes in it.
std::string shell_escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') text += '\\';
        text += c;
    }
    return text;
}

int run(Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const auto package = store.load(package::Ident::parse(invocation.args.require("PKG_IDENT")));
    for (const auto& [key, value] : package::runtime_environment(package, store)) {
        invocation.terminal.out(fmt::format("export {}=\"{}\"\n", key, shell_escaped(value)));
    }
    return 0;
}

}  // namespace

const Command& pkg_env_command() {
    static constexpr Command command = {
        .path = "pkg env",
        .summary = "Print the runtime environment of an installed package",
        .description = "As lines for a shell: eval \"$(hab pkg env core/nginx)\".",
        .arguments = arguments,
        .options = {},
        .exit_codes = {},
        .run = run};
    return command;
}

}  // namespace hab::cli
