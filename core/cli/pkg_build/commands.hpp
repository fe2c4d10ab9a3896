// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab pkg build`.
[[nodiscard]] std::span<const Command> pkg_build_commands();

}  // namespace hab::cli
