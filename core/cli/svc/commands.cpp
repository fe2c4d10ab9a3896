// SPDX-License-Identifier: Apache-2.0
#include "cli/svc/commands.hpp"

#include <array>

#include "cli/svc/session.hpp"
#include "cli/svc/settings.hpp"

namespace hab::cli {
namespace {

constexpr std::array ident_argument = {
    ArgumentSpec{"PKG_IDENT", "origin/name[/version[/release]]"}};
constexpr std::array service_argument = {
    ArgumentSpec{"PKG_IDENT", "origin/name of the package, or origin/SERVICE for one with a name"}};
constexpr std::array optional_ident = {
    ArgumentSpec{"PKG_IDENT", "origin/name[/version[/release]]; without it, all services", false}};

constexpr OptionSpec force_option{
    "force", 'f', OptionKind::flag, {}, "Change a service that is loaded already", {}, {}};
constexpr OptionSpec timeout_option{"shutdown-timeout",
                                    '\0',
                                    OptionKind::value,
                                    "SECONDS",
                                    "Time for the process to end before it is killed",
                                    {},
                                    {}};
constexpr OptionSpec format_option{"format", '\0',   OptionKind::value, "FORMAT", "table or json",
                                   {},       "table"};

constexpr std::array start_options = {remote_sup_option};
constexpr std::array stop_options = {timeout_option, remote_sup_option};
constexpr std::array status_options = {format_option, remote_sup_option};

std::vector<OptionSpec> make_load_options() {
    std::vector<OptionSpec> list{force_option, remote_sup_option};
    list.insert(list.end(), setting_options().begin(), setting_options().end());
    return list;
}

std::vector<OptionSpec> make_update_options() {
    std::vector<OptionSpec> list{remote_sup_option};
    for (const OptionSpec& option : setting_options()) {
        // The protocol has no such fields in an update; a name is for ever.
        if (option.name != "config-from" && option.name != "name") list.push_back(option);
    }
    return list;
}

std::vector<Command> make_commands() {
    static const std::vector<OptionSpec> load_options = make_load_options();
    static const std::vector<OptionSpec> update_options = make_update_options();
    return {
        Command{.path = "svc load",
                .summary = "Load a service: it starts, and starts again with the supervisor",
                .description = "The package is installed first if it is missing.",
                .arguments = ident_argument,
                .options = load_options,
                .exit_codes = {},
                .run = run_svc_load},
        Command{.path = "svc unload",
                .summary = "Stop a service and forget it",
                .description = {},
                .arguments = service_argument,
                .options = stop_options,
                .exit_codes = {},
                .run = run_svc_unload},
        Command{.path = "svc start",
                .summary = "Start a loaded service that was stopped",
                .description = {},
                .arguments = service_argument,
                .options = start_options,
                .exit_codes = {},
                .run = run_svc_start},
        Command{.path = "svc stop",
                .summary = "Stop a service; it stays loaded",
                .description = {},
                .arguments = service_argument,
                .options = stop_options,
                .exit_codes = {},
                .run = run_svc_stop},
        Command{.path = "svc update",
                .summary = "Change how a loaded service runs",
                .description = "Options that are not given stay as they are.",
                .arguments = service_argument,
                .options = update_options,
                .exit_codes = {},
                .run = run_svc_update},
        Command{.path = "svc status",
                .summary = "Show the loaded services",
                .description = "Reasons why a service is not up follow on standard error.",
                .arguments = optional_ident,
                .options = status_options,
                .exit_codes = {},
                .run = run_svc_status},
    };
}

}  // namespace

std::span<const Command> svc_commands() {
    static const std::vector<Command> commands = make_commands();
    return commands;
}

}  // namespace hab::cli
