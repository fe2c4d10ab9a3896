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

constexpr OptionSpec text_format_option{
    "format", '\0', OptionKind::value, "FORMAT", "text or json", {}, "text"};
constexpr std::array service_name_argument = {
    ArgumentSpec{"SERVICE", "Name of the service, its group or ORIGIN/NAME"}};
constexpr std::array why_options = {
    OptionSpec{"last", 'n', OptionKind::value, "N", "How many chains to tell", {}, "10"},
    text_format_option, remote_sup_option};
constexpr std::array config_show_options = {
    OptionSpec{
        "origin", '\0', OptionKind::flag, {}, "Each value with the place where it is written"},
    text_format_option, remote_sup_option};
constexpr std::array logs_options = {
    OptionSpec{"follow", 'f', OptionKind::flag, {}, "Go on with what comes; Ctrl-C ends it"},
    OptionSpec{"since", '\0', OptionKind::value, "TIME",
               "Only lines from then on: 2026-01-31T12:00:00Z, or 30s, 10m, 2h, 7d ago"},
    OptionSpec{"lines", 'n', OptionKind::value, "N",
               "Only the last N lines [default: 100, with --since all]"}};

// What these commands were called until 0.56, or 1.6.
constexpr std::array<std::string_view, 1> also_load{"sup load"};
constexpr std::array<std::string_view, 1> also_unload{"sup unload"};
constexpr std::array<std::string_view, 2> also_stop{"stop", "sup stop"};
constexpr std::array<std::string_view, 1> also_config_show{"cfg show"};

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
                .run = run_svc_load,
                .also = also_load},
        Command{.path = "svc unload",
                .summary = "Stop a service and forget it",
                .description = {},
                .arguments = service_argument,
                .options = stop_options,
                .exit_codes = {},
                .run = run_svc_unload,
                .also = also_unload},
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
                .run = run_svc_stop,
                .also = also_stop},
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
        Command{.path = "svc restart",
                .summary = "Stop a service and start it again",
                .description = "Waits until the process has ended, then asks for the start.",
                .arguments = service_argument,
                .options = stop_options,
                .exit_codes = {},
                .run = run_svc_restart},
        Command{.path = "svc logs",
                .summary = "Show what a service of this machine printed",
                .description =
                    "Reads /hab/svc/NAME/logs/service.log and the older files beside it. "
                    "The word after the time says who speaks: O and E are standard "
                    "output and error of the process, HK a hook, others the supervisor.",
                .arguments = service_name_argument,
                .options = logs_options,
                .exit_codes = {},
                .run = run_svc_logs},
        Command{.path = "why",
                .summary = "Tell what happened to a service lately, and what led to it",
                .description =
                    "Tells the last starts, restarts, changes of configuration and health with "
                    "what they follow from, the latest first. Who is neither root nor the user of "
                    "the supervisor is told no values and no output. If no supervisor runs, the "
                    "records of the last one are read.",
                .arguments = service_name_argument,
                .options = why_options,
                .exit_codes = {},
                .run = run_why},
        Command{.path = "config show",
                .summary = "Show the configuration that a loaded service uses",
                .description = "All layers merged, as TOML; secrets are not shown.",
                .arguments = service_name_argument,
                .options = config_show_options,
                .exit_codes = {},
                .run = run_config_show,
                .also = also_config_show},
    };
}

}  // namespace

std::span<const ArgumentSpec> svc_status_arguments() {
    return optional_ident;
}

std::span<const OptionSpec> svc_status_options() {
    return status_options;
}

std::span<const Command> svc_commands() {
    static const std::vector<Command> commands = make_commands();
    return commands;
}

}  // namespace hab::cli
