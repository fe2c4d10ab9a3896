// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab cli setup`.
[[nodiscard]] std::span<const Command> setup_commands();

}  // namespace hab::cli
