// SPDX-License-Identifier: Apache-2.0
#include "cli/group/commands.hpp"

#include <array>
#include <vector>

#include "cli/origin/key_cache.hpp"
#include "cli/svc/session.hpp"

namespace hab::cli {
namespace {

constexpr std::array config_arguments = {
    ArgumentSpec{"SERVICE_GROUP", "SERVICE.GROUP, or SERVICE.GROUP@ORG"},
    ArgumentSpec{"VERSION", "A number above the one in force, such as the time: $(date +%s)"},
    ArgumentSpec{"FILE", "TOML; - or nothing: standard input", false}};
constexpr std::array file_arguments = {
    ArgumentSpec{"SERVICE_GROUP", "SERVICE.GROUP, or SERVICE.GROUP@ORG"},
    ArgumentSpec{"VERSION", "A number above the one of this file that is in force"},
    ArgumentSpec{"FILE", "Its name is the name in /hab/svc/SERVICE/files"},
    ArgumentSpec{"USER", "As --user, in commands of 2016", false}};
constexpr std::array depart_arguments = {
    ArgumentSpec{"MEMBER_ID", "32 hexadecimal digits, as `hab ring status` shows them"}};
constexpr std::array body_options = {
    OptionSpec{"user", 'u', OptionKind::value, "USER",
               "Encrypt with the key of this user; the group needs an organisation and a key"},
    OptionSpec{"org", '\0', OptionKind::value, "ORG", "Organisation of the group"},
    cache_key_path_option, remote_sup_option};
constexpr std::array depart_options = {remote_sup_option};
constexpr std::array<std::string_view, 2> also_apply{"apply", "cfg apply"};

}  // namespace

std::span<const Command> group_commands() {
    static const std::vector<Command> commands = {
        Command{.path = "config apply",
                .summary = "Give a configuration to all members of a service group",
                .description =
                    "It takes the place of the one before: what is not in it any more goes back to "
                    "user.toml or the package's default. It reaches supervisors that join later, "
                    "too, and may come before any. A version that is not above the one in force is "
                    "refused. At most 64 KiB.",
                .arguments = config_arguments,
                .options = body_options,
                .exit_codes = {},
                .run = run_config_apply,
                .also = also_apply},
        Command{.path = "file upload",
                .summary = "Give a file to all members of a service group",
                .description =
                    "They put it into /hab/svc/SERVICE/files and run their file-updated hook. A "
                    "version that is not above the one in force is refused. At most 64 KiB.",
                .arguments = file_arguments,
                .options = body_options,
                .exit_codes = {},
                .run = run_file_upload},
        Command{.path = "sup depart",
                .summary = "Send a member of the ring away for good",
                .description =
                    "Its supervisor stops and cannot come back under this id; the others forget "
                    "its services. For machines that are lost.",
                .arguments = depart_arguments,
                .options = depart_options,
                .exit_codes = {},
                .run = run_sup_depart}};
    return commands;
}

}  // namespace hab::cli
