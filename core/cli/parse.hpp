// SPDX-License-Identifier: Apache-2.0
// From words to Arguments. Boost.Program_options is used in parse.cpp and nowhere else.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace hab::cli {

/// The value of a key in cli.toml, or nothing. Asked only for keys that a table names and that
/// neither the command line nor the environment gives.
using SettingLookup = std::function<std::optional<std::string>(std::string_view key)>;

/// The option that a word such as "--channel=dev", "--force" or "-f" names; null if there is none.
[[nodiscard]] const OptionSpec* find_option(std::span<const OptionSpec> options,
                                            std::string_view word);
/// Whether an option's word holds its value, too: "--channel=dev", "-cdev".
[[nodiscard]] bool has_attached_value(std::string_view word);

/// Parses the words after a command's name. Without guessing of abbreviated options. Precedence:
/// command line, environment (empty counts as unset), cli.toml, built-in default.
/// Throws Error(usage) with a near-match hint for unknown options, missing or surplus arguments.
[[nodiscard]] Arguments parse_arguments(std::string_view command_path,
                                        std::span<const OptionSpec> options,
                                        std::span<const ArgumentSpec> arguments, bool verbatim,
                                        std::vector<std::string> words,
                                        const SettingLookup& setting = {});

}  // namespace hab::cli
