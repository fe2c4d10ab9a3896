// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab config apply`, `hab file upload` and `hab sup depart`: what is told to a whole service group
/// or ring.
[[nodiscard]] std::span<const Command> group_commands();

// One function per command, each in the file of its name.
int run_config_apply(Invocation& invocation);
int run_file_upload(Invocation& invocation);
int run_sup_depart(Invocation& invocation);

}  // namespace hab::cli
