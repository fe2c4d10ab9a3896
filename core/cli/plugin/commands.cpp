// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin/commands.hpp"

#include <array>

namespace hab::cli {
namespace {

constexpr OptionSpec format_option{"format", '\0',  OptionKind::value, "FORMAT", "text or json",
                                   {},       "text"};

constexpr std::array list_options = {
    OptionSpec{"all", 'a', OptionKind::flag, {}, "Also show the file of each plugin", {}, {}},
    format_option};

constexpr std::array info_options = {format_option};

constexpr std::array info_arguments = {
    ArgumentSpec{"PLUGIN", "KIND/ID (exporter/tar), or ID alone for every kind that has it"}};

constexpr std::array describe_arguments = {ArgumentSpec{"PLUGIN", "KIND/ID"}};

}  // namespace

std::span<const Command> plugin_commands() {
    static constexpr std::array commands = {
        Command{.path = "plugin list",
                .summary = "List every plugin file that was found, good and bad",
                .description =
                    "Nothing is loaded. Files that cannot be used are rows with a state "
                    "(shadowed, disabled, untrusted, wrong-abi, wrong-arch, broken) and a reason.",
                .arguments = {},
                .options = list_options,
                .exit_codes = {},
                .run = run_plugin_list},
        Command{.path = "plugin info",
                .summary = "Show what a plugin is, its options and what it can do",
                .description = "What it can do is found out by loading it in a child process that "
                               "is given two seconds.",
                .arguments = info_arguments,
                .options = info_options,
                .exit_codes = {},
                .run = run_plugin_info},
        Command{.path = "plugin describe",
                .summary = "Load a plugin in this process and print what it can do as JSON lines",
                .description = "What plugin info runs as its child.",
                .arguments = describe_arguments,
                .options = {},
                .exit_codes = {},
                .run = run_plugin_describe,
                .hidden = true},
    };
    return commands;
}

}  // namespace hab::cli
