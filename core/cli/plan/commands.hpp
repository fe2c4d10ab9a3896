// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab plan …`
[[nodiscard]] std::span<const Command> plan_commands();

[[nodiscard]] const Command& plan_check_command();
[[nodiscard]] const Command& plan_init_command();
[[nodiscard]] const Command& plan_render_command();

}  // namespace hab::cli
