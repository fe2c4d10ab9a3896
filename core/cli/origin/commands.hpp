// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab origin key …`.
[[nodiscard]] std::span<const Command> origin_commands();

[[nodiscard]] const Command& origin_key_generate_command();
[[nodiscard]] const Command& origin_key_export_command();
[[nodiscard]] const Command& origin_key_import_command();

/// `--cache-key-path`, the same in every command that uses keys.
inline constexpr OptionSpec cache_key_path_option = {.name = "cache-key-path",
                                                     .kind = OptionKind::value,
                                                     .value_name = "DIR",
                                                     .help = "Directory of the key cache",
                                                     .env = "HAB_CACHE_KEY_PATH",
                                                     .default_value = {}};

}  // namespace hab::cli
