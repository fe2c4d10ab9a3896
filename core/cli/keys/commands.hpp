// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab user key generate` and `hab svc key generate`: encryption keys.
[[nodiscard]] std::span<const Command> key_commands();

[[nodiscard]] const Command& svc_key_generate_command();
[[nodiscard]] const Command& user_key_generate_command();

}  // namespace hab::cli
