// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab pkg …`, without build and export, which have rooms of their own.
[[nodiscard]] std::span<const Command> pkg_commands();

[[nodiscard]] const Command& pkg_binds_command();
[[nodiscard]] const Command& pkg_binlink_command();
[[nodiscard]] const Command& pkg_config_command();
[[nodiscard]] const Command& pkg_dependencies_command();
[[nodiscard]] const Command& pkg_diff_command();
[[nodiscard]] const Command& pkg_env_command();
[[nodiscard]] const Command& pkg_exec_command();
[[nodiscard]] const Command& pkg_gc_command();
[[nodiscard]] const Command& pkg_graph_command();
[[nodiscard]] const Command& pkg_hash_command();
[[nodiscard]] const Command& pkg_header_command();
[[nodiscard]] const Command& pkg_info_command();
[[nodiscard]] const Command& pkg_install_command();
[[nodiscard]] const Command& pkg_list_command();
[[nodiscard]] const Command& pkg_path_command();
[[nodiscard]] const Command& pkg_pin_command();
[[nodiscard]] const Command& pkg_pins_command();
[[nodiscard]] const Command& pkg_provides_command();
[[nodiscard]] const Command& pkg_sign_command();
[[nodiscard]] const Command& pkg_uninstall_command();
[[nodiscard]] const Command& pkg_unpin_command();
[[nodiscard]] const Command& pkg_verify_command();

}  // namespace hab::cli
