// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab pkg build`, its other name `hab studio build`, and `hab plan import deb`.
[[nodiscard]] std::span<const Command> pkg_build_commands();

int run_plan_import(Invocation& invocation);

}  // namespace hab::cli
