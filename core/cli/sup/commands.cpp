// SPDX-License-Identifier: Apache-2.0
#include "cli/sup/commands.hpp"

#include <array>

#include "cli/sup/run_words.hpp"
#include "cli/svc/commands.hpp"
#include "cli/svc/session.hpp"
#include "cli/svc/settings.hpp"

namespace hab::cli {
namespace {

constexpr std::array optional_package = {
    ArgumentSpec{"PKG_IDENT_OR_ARTIFACT",
                 "A package to load: origin/name[/version[/release]] or FILE.hart", false}};
constexpr std::array package_argument = {
    ArgumentSpec{"PKG_IDENT_OR_ARTIFACT", "origin/name[/version[/release]] or FILE.hart"}};
constexpr std::array shell_arguments = {
    ArgumentSpec{"PKG_IDENT", "An installed package: the environment of its hooks", false},
    ArgumentSpec{"ARGS", "For the shell, taken as they are", false, true}};
constexpr std::array restart_options = {remote_sup_option};
constexpr std::array events_options = {
    OptionSpec{"json", '\0', OptionKind::flag, {}, "One JSON object per line"},
    OptionSpec{"service", '\0', OptionKind::value, "NAME", "Only events of this service"},
    OptionSpec{"log", '\0', OptionKind::flag, {}, "With the lines that services print"},
    OptionSpec{"url", '\0', OptionKind::value, "URL",
               "Of the HTTP gateway [default: that of this machine]"}};
constexpr std::array tls_arguments = {
    ArgumentSpec{"PATH", "Directory for the two files [default: /hab/cache/keys/ctl]", false}};
constexpr std::array tls_options = {
    OptionSpec{"subject-alternative-name", '\0', OptionKind::value, "NAME",
               "Host name or address under which clients reach the supervisor"}};
constexpr std::array bundle_options = {
    OptionSpec{"output", 'o', OptionKind::value, "FILE",
               "Where to [default: hab-support-HOST-TIME.tar in this directory]"}};

constexpr std::array<std::string_view, 1> also_start{"sup start"};
constexpr std::array<std::string_view, 1> also_run{"run"};
constexpr std::array<std::string_view, 1> also_term{"term"};

// 1 is also the end of a supervisor that was started for a package which cannot be loaded; 0 is a
// stop by Ctrl-C, SIGTERM or `hab sup term`, and for `hab start` also the end of the
// following.
constexpr std::string_view gave_up =
    "86  the supervisor gave up while starting (lock, port, package); the log says why";

std::vector<OptionSpec> make_run_options() {
    std::vector<OptionSpec> list(supervisor_options().begin(), supervisor_options().end());
    list.insert(list.end(), setting_options().begin(), setting_options().end());
    return list;
}

constexpr OptionSpec daemon_option{
    "daemon", '\0', OptionKind::flag, {}, "Run in the background; returns once it is up", {}, {}};
constexpr OptionSpec log_file_option{
    "log-file",
    '\0',
    OptionKind::value,
    "FILE",
    "Log of --daemon, appended to [default: /hab/sup/default/sup.log]",
    {},
    {}};

std::vector<Command> make_commands() {
    static const std::vector<OptionSpec> run_options = make_run_options();
    static const std::vector<OptionSpec> sup_run_options = [] {
        std::vector<OptionSpec> list{daemon_option, log_file_option};
        list.insert(list.end(), run_options.begin(), run_options.end());
        return list;
    }();
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
                .run = run_start,
                .also = also_start},
        Command{
            .path = "sup run",
            .summary = "Run the supervisor, in the foreground or as a daemon",
            .description = "The process id of the launcher is in /hab/launcher/PID while it runs.",
            .arguments = optional_package,
            .options = sup_run_options,
            .exit_codes = gave_up,
            .run = run_sup_run,
            .also = also_run},
        Command{.path = "sup term",
                .summary = "Stop the supervisor of this machine and its services",
                .description = "Sends TERM to the launcher and waits until it is gone.",
                .arguments = {},
                .options = {},
                .exit_codes = {},
                .run = run_sup_term,
                .also = also_term},
        Command{.path = "sup restart",
                .summary = "Restart the supervisor; its services keep running",
                .description = {},
                .arguments = {},
                .options = restart_options,
                .exit_codes = {},
                .run = run_sup_restart},
        Command{.path = "sup events",
                .summary = "Print what happens in the supervisor, as it happens",
                .description =
                    "Goes on after a restart of the supervisor, where it was. The token of a "
                    "gateway that needs one is read from HAB_SUP_GATEWAY_AUTH_TOKEN.",
                .arguments = {},
                .options = events_options,
                .exit_codes = {},
                .run = run_sup_events},
        Command{.path = "sup status",
                .summary = "Show the loaded services, as `svc status`",
                .description = {},
                .arguments = svc_status_arguments(),
                .options = svc_status_options(),
                .exit_codes = {},
                .run = run_svc_status},
        Command{.path = "sup sh",
                .summary = "Start a shell with the environment of a package's hooks",
                .description = "Without a package, with your own. The shell replaces hab.",
                .arguments = shell_arguments,
                .options = {},
                .verbatim = true,
                .exit_codes = {},
                .run = run_sup_sh},
        Command{.path = "sup bash",
                .summary = "Start bash with the environment of a package's hooks",
                .description = "Without a package, with your own. The shell replaces hab.",
                .arguments = shell_arguments,
                .options = {},
                .verbatim = true,
                .exit_codes = {},
                .run = run_sup_bash},
        Command{.path = "supportbundle",
                .summary = "Put what tells about the supervisor and its services into a file",
                .description =
                    "A tar archive of versions, packages, specs, states, records of `hab why` and "
                    "the ends of logs. Secrets that the schemas of the packages mark are replaced; "
                    "user.toml, rendered files and keys are not in it. Look through it before you "
                    "give it away: services may print what no schema knows.",
                .arguments = {},
                .options = bundle_options,
                .exit_codes = {},
                .run = run_support_bundle},
        Command{.path = "sup secret generate",
                .summary = "Print a new secret for a control gateway",
                .description = "64 random bytes in base64. As the content of "
                               "/hab/sup/default/CTL_SECRET it counts from the supervisor's next "
                               "start; clients find it there, or in HAB_CTL_SECRET.",
                .arguments = {},
                .options = {},
                .exit_codes = {},
                .run = run_sup_secret_generate},
        Command{.path = "sup secret generate-tls",
                .summary = "Make a key and a certificate for the control gateway",
                .description =
                    "An ECDSA key and a certificate that it has signed itself, for one year: "
                    "ctl-TIME.key.pem and ctl-TIME.crt.pem. `hab sup run` takes them with "
                    "--ctl-server-key and --ctl-server-certificate, clients take the certificate "
                    "as ctl_server_ca_certificate in cli.toml.",
                .arguments = tls_arguments,
                .options = tls_options,
                .exit_codes = {},
                .run = run_sup_secret_generate_tls},
    };
}

}  // namespace

std::span<const Command> sup_commands() {
    static const std::vector<Command> commands = make_commands();
    return commands;
}

}  // namespace hab::cli
