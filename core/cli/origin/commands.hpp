// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"
#include "cli/origin/key_cache.hpp"

namespace hab::cli {

/// `hab origin key …`.
[[nodiscard]] std::span<const Command> origin_commands();

[[nodiscard]] const Command& origin_key_generate_command();
[[nodiscard]] const Command& origin_key_export_command();
[[nodiscard]] const Command& origin_key_import_command();
[[nodiscard]] const Command& origin_key_list_command();
[[nodiscard]] const Command& origin_key_pin_command();
[[nodiscard]] const Command& origin_key_trust_command();

}  // namespace hab::cli
