// SPDX-License-Identifier: Apache-2.0
// Which command a line of words names. Pure: works on any table, so that tests bring their own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace hab::cli {

/// A line of words, taken apart.
struct CommandLine {
    std::vector<std::string> plugin_files;  ///< `--plugin FILE` before the command, in order
    const Command* command = nullptr;       ///< null if the words are a family, or nothing
    std::string words;                      ///< the command words found, written out in full
    std::vector<std::string> rest;          ///< what follows
};

/// The distinct words that may follow `prefix` ("" or "pkg"), in the order of the table. Hidden
/// commands are left out.
[[nodiscard]] std::vector<std::string> next_words(std::span<const Command> table,
                                                  std::string_view prefix);

/// What else a command is called: "hab stop, hab sup stop".
[[nodiscard]] std::string other_words(const Command& command);

/// Longest match of leading words with a command; stops at the first word that does not continue
/// one. Other words for a command (Command::also) count as its own. A word may be cut short as long
/// as it means one thing (`hab svc stat`), where those come second; hidden commands have to be
/// written out. Throws usage, naming the candidates, where it means several.
[[nodiscard]] CommandLine resolve_command(std::span<const Command> table,
                                          std::vector<std::string> words);

/// The error for a line whose first `rest` word is no command: with what was probably meant.
[[noreturn]] void refuse_unknown_command(std::span<const Command> table, const CommandLine& line);

}  // namespace hab::cli
