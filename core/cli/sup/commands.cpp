// SPDX-License-Identifier: Apache-2.0
#include "cli/sup/commands.hpp"

#include <array>

#include "cli/sup/run_words.hpp"
#include "cli/svc/session.hpp"
#include "cli/svc/settings.hpp"

namespace hab::cli {
namespace {

constexpr std::array optional_package = {
    ArgumentSpec{"PKG_IDENT_OR_ARTIFACT",
                 "A package to load: origin/name[/version[/release]] or FILE.hart", false}};
constexpr std::array package_argument = {
    ArgumentSpec{"PKG_IDENT_OR_ARTIFACT", "origin/name[/version[/release]] or FILE.hart"}};
constexpr std::array restart_options = {remote_sup_option};

// 0 is a stop by Ctrl-C, SIGTERM or `hab sup term`, and for `hab start` also the end of the
// following.
constexpr std::string_view gave_up =
    "86  the supervisor gave up while starting (lock, port, package); the log says why";

std::vector<OptionSpec> make_run_options() {
    std::vector<OptionSpec> list(supervisor_options().begin(), supervisor_options().end());
    list.insert(list.end(), setting_options().begin(), setting_options().end());
    return list;
}

std::vector<Command> make_commands() {
    static const std::vector<OptionSpec> run_options = make_run_options();
    return {
        Command{.path = "start",
                .summary = "Start a service and follow its log",
                .description =
                    "Loads the package into the supervisor of this machine, or starts a "
                    "supervisor with it if none runs. Ctrl-C ends the following; a supervisor "
                    "that ran before goes on, with the service.",
                .arguments = package_argument,
                .options = run_options,
                .exit_codes = gave_up,
                .run = run_start},
        Command{.path = "sup run",
                .summary = "Run the supervisor in the foreground",
                .description = {},
                .arguments = optional_package,
                .options = run_options,
                .exit_codes = gave_up,
                .run = run_sup_run},
        Command{.path = "sup term",
                .summary = "Stop the supervisor of this machine and its services",
                .description = "Sends TERM to the launcher and waits until it is gone.",
                .arguments = {},
                .options = {},
                .exit_codes = {},
                .run = run_sup_term},
        Command{.path = "sup restart",
                .summary = "Restart the supervisor; its services keep running",
                .description = {},
                .arguments = {},
                .options = restart_options,
                .exit_codes = {},
                .run = run_sup_restart},
    };
}

}  // namespace

std::span<const Command> sup_commands() {
    static const std::vector<Command> commands = make_commands();
    return commands;
}

}  // namespace hab::cli
