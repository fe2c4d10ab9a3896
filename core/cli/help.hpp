// SPDX-License-Identifier: Apache-2.0
// Texts made from the command table.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace hab::cli {

/// `hab --help`: every family and command with its one line. `width` in columns.
[[nodiscard]] std::string overview_help(unsigned width);
/// `hab pkg --help`: the commands below a prefix.
[[nodiscard]] std::string family_help(std::string_view prefix, unsigned width);
/// `hab pkg hash --help`: usage, arguments, options, exit codes. `width` in columns.
[[nodiscard]] std::string command_help(const Command& command, unsigned width);
/// Options as two columns, wrapped at `width`; also used for options that plugins declare.
[[nodiscard]] std::string options_help(std::span<const OptionSpec> options, unsigned width);
/// The whole reference as Markdown (docs/guide/commands.md is this text).
[[nodiscard]] std::string reference_markdown();

}  // namespace hab::cli
