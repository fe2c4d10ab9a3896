// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab user key generate` and `hab svc key generate`: encryption keys.
[[nodiscard]] std::span<const Command> key_commands();

/// Makes an encryption key pair of that name in the key cache and says so; `owner` is "user" or
/// "service". Returns the exit code.
int generate_box_pair(const Invocation& invocation, std::string_view owner,
                      const std::string& name);

[[nodiscard]] const Command& svc_key_generate_command();
[[nodiscard]] const Command& user_key_generate_command();

}  // namespace hab::cli
