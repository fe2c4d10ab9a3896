// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab cli …`: commands about the command line itself.
[[nodiscard]] std::span<const Command> self_commands();

}  // namespace hab::cli
