// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab ring …`.
[[nodiscard]] std::span<const Command> ring_commands();

[[nodiscard]] const Command& ring_key_export_command();
[[nodiscard]] const Command& ring_key_generate_command();
[[nodiscard]] const Command& ring_key_import_command();
[[nodiscard]] const Command& ring_sim_command();
[[nodiscard]] const Command& ring_status_command();

}  // namespace hab::cli
