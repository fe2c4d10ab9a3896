// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/commands.hpp"

#include <array>

namespace hab::cli {
namespace {

constexpr OptionSpec root_option{
    "root", 'r', OptionKind::value, "DIR", "Directory of the studio", "HAB_STUDIO_ROOT"};
constexpr OptionSpec src_option{"src",
                                's',
                                OptionKind::value,
                                "DIR",
                                "Source directory: /src inside (default: the current one)",
                                "SRC_PATH"};
constexpr OptionSpec backend_option{
    .name = "backend",
    .kind = OptionKind::value,
    .value_name = "STUDIO",
    .help = "Studio plugin (default: the first of chroot, userns, docker that works)",
    .env = "HAB_STUDIO_BACKEND",
    .setting = "studio_backend"};
constexpr OptionSpec list_backend_option{
    "backend", '\0', OptionKind::value, "STUDIO", "Studio plugin", "HAB_STUDIO_BACKEND", "chroot"};
constexpr OptionSpec type_option{
    "type",       't', OptionKind::value, "TYPE", "default, baseimage, busybox, stage1 or bare",
    "STUDIO_TYPE"};
constexpr OptionSpec keys_option{"keys",
                                 'k',
                                 OptionKind::value,
                                 "ORIGIN,...",
                                 "Origins whose secret keys must be there",
                                 "HAB_ORIGIN_KEYS"};
constexpr OptionSpec no_src_option{
    "no-src", 'n', OptionKind::flag, {}, "Do not show the source directory inside", "NO_SRC_PATH"};
constexpr OptionSpec no_artifacts_option{
    "no-artifacts",    'N', OptionKind::flag, {}, "Do not show the artifact cache inside",
    "NO_ARTIFACT_PATH"};
constexpr OptionSpec pkg_option{"pkg", 'p', OptionKind::list, "PKG_IDENT",
                                "Show this installed package inside, too"};
constexpr OptionSpec offline_option{"offline", '\0', OptionKind::flag, {}, "No network inside"};
constexpr OptionSpec quiet_option{
    "quiet", 'q', OptionKind::flag, {}, "Only what the program inside prints", "QUIET"};
constexpr OptionSpec verbose_option{"verbose",
                                    'v',
                                    OptionKind::flag,
                                    {},
                                    "Say which studios were passed over, and what is exported",
                                    "VERBOSE"};
constexpr OptionSpec format_option{"format", '\0',  OptionKind::value, "FORMAT", "text or json",
                                   {},       "text"};

constexpr std::array place_options = {root_option, src_option, backend_option, quiet_option,
                                      verbose_option};
constexpr std::array inside_options = {
    root_option,         src_option, type_option,    keys_option,  backend_option, no_src_option,
    no_artifacts_option, pkg_option, offline_option, quiet_option, verbose_option};
constexpr std::array status_options = {root_option, src_option, backend_option, format_option};
constexpr std::array list_options = {list_backend_option, format_option};
constexpr std::array run_arguments = {ArgumentSpec{
    "CMD", "Program and its arguments; one word alone is a shell command line", true, true}};
constexpr std::array enter_arguments = {
    ArgumentSpec{"ARGS", "Words for the shell, as '-c' and a command line", false, true}};

constexpr std::string_view exit_of_program = "other  exit status of the program inside";

}  // namespace

std::span<const Command> studio_commands() {
    static constexpr std::array commands = {
        Command{.path = "studio new",
                .summary = "Make a studio, or refresh the one that is there",
                .description = {},
                .arguments = {},
                .options = inside_options,
                .exit_codes = {},
                .run = run_studio_new},
        Command{.path = "studio enter",
                .summary = "Open a shell in a studio, making it if needed",
                .description =
                    "The shell sees only hab packages, the source directory as /src, and the\n"
                    "studio's own files. Nothing stays mounted when it ends.",
                .arguments = enter_arguments,
                .options = inside_options,
                .verbatim = true,
                .exit_codes = exit_of_program,
                .run = run_studio_enter},
        Command{.path = "studio run",
                .summary = "Run a command in a studio, making it if needed",
                .description = {},
                .arguments = run_arguments,
                .options = inside_options,
                .verbatim = true,
                .exit_codes = exit_of_program,
                .run = run_studio_run},
        Command{.path = "studio rm",
                .summary = "Remove a studio",
                .description =
                    "Refuses while something is mounted below it; never deletes through a mount.",
                .arguments = {},
                .options = place_options,
                .exit_codes = {},
                .run = run_studio_rm},
        Command{.path = "studio status",
                .summary = "Show whether the studio exists and can be used",
                .description = {},
                .arguments = {},
                .options = status_options,
                .exit_codes = {},
                .run = run_studio_status},
        Command{.path = "studio list",
                .summary = "List the studios on this machine",
                .description = {},
                .arguments = {},
                .options = list_options,
                .exit_codes = {},
                .run = run_studio_list},
        Command{.path = "studio version",
                .summary = "Show the studio plugins and their versions",
                .description = {},
                .arguments = {},
                .options = {},
                .exit_codes = {},
                .run = run_studio_version},
    };
    return commands;
}

}  // namespace hab::cli
