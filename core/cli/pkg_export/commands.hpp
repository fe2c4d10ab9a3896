// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab pkg export`.
[[nodiscard]] std::span<const Command> pkg_export_commands();

}  // namespace hab::cli
