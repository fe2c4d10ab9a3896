// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab studio …`.
[[nodiscard]] std::span<const Command> studio_commands();

int run_studio_new(Invocation& invocation);
int run_studio_enter(Invocation& invocation);
int run_studio_run(Invocation& invocation);
int run_studio_rm(Invocation& invocation);
int run_studio_status(Invocation& invocation);
int run_studio_list(Invocation& invocation);
int run_studio_version(Invocation& invocation);

}  // namespace hab::cli
