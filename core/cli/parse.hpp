// SPDX-License-Identifier: Apache-2.0
// From words to Arguments. Boost.Program_options is used in parse.cpp and nowhere else.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace hab::cli {

/// Parses the words after a command's name. Without guessing of abbreviated options. Precedence:
/// command line, environment (empty counts as unset), built-in default.
/// Throws Error(usage) with a near-match hint for unknown options, missing or surplus arguments.
[[nodiscard]] Arguments parse_arguments(std::string_view command_path,
                                        std::span<const OptionSpec> options,
                                        std::span<const ArgumentSpec> arguments, bool verbatim,
                                        std::vector<std::string> words);

}  // namespace hab::cli
