// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg/commands.hpp"

#include <vector>

namespace hab::cli {

std::span<const Command> pkg_commands() {
    static const std::vector<Command> commands = {
        pkg_install_command(),  pkg_uninstall_command(), pkg_list_command(),
        pkg_path_command(),     pkg_env_command(),       pkg_exec_command(),
        pkg_verify_command(),   pkg_sign_command(),      pkg_hash_command(),
        pkg_header_command(),   pkg_info_command(),      pkg_binds_command(),
        pkg_binlink_command(),  pkg_config_command(),    pkg_dependencies_command(),
        pkg_provides_command(), pkg_diff_command(),      pkg_graph_command(),
        pkg_gc_command(),       pkg_pin_command(),       pkg_unpin_command(),
        pkg_pins_command()};
    return commands;
}

}  // namespace hab::cli
