// SPDX-License-Identifier: Apache-2.0
#include "cli/self/commands.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "cli/help.hpp"

namespace hab::cli {
namespace {

constexpr std::array completers_options = {
    OptionSpec{"shell", 's', OptionKind::value, "SHELL", "bash", {}, "bash"}};

int run_completers(Invocation& invocation) {
    const std::string shell = invocation.args.require("shell");
    if (shell != "bash") {
        throw Error(ErrorCode::usage, fmt::format("there is no completion script for '{}'", shell),
                    "use --shell bash");
    }
    invocation.terminal.out(bash_completion());
    return 0;
}

int run_reference(Invocation& invocation) {
    invocation.terminal.out(reference_markdown());
    return 0;
}

}  // namespace

std::span<const Command> self_commands() {
    static constexpr std::array commands = {
        Command{.path = "cli completers",
                .summary = "Print a shell completion script",
                .description = "Use it with: source <(hab cli completers --shell bash)",
                .arguments = {},
                .options = completers_options,
                .exit_codes = {},
                .run = run_completers},
        Command{.path = "cli reference",
                .summary = "Print the reference of all commands as Markdown",
                .description = {},
                .arguments = {},
                .options = {},
                .exit_codes = {},
                .run = run_reference},
    };
    return commands;
}

}  // namespace hab::cli
