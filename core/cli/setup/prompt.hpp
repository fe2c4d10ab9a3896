// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/terminal.hpp"

namespace hab::cli {

/// Asks a person, or reads the answers line by line from a pipe. Used by one thread.
class Prompt {
public:
    /// Questions go to the terminal, answers come from `fd`, which stays the caller's.
    Prompt(int fd, Terminal& terminal);

    /// Whether answers come from a person, who can be asked again.
    [[nodiscard]] bool is_person() const noexcept { return person_; }
    /// One answer, without blanks at its ends. Nothing for an empty line, and once the input ended.
    [[nodiscard]] std::optional<std::string> ask(std::string_view question);
    /// The same for a secret: a terminal shows nothing of what is typed. Throws cancelled for ^C.
    [[nodiscard]] std::optional<std::string> ask_secret(std::string_view question);
    /// Yes or no; `fallback` for an empty line. No once the input ended: nobody has agreed.
    [[nodiscard]] bool agree(std::string_view question, bool fallback);

private:
    /// Next line; nothing at the end of the input.
    [[nodiscard]] std::optional<std::string> read_line();
    [[nodiscard]] std::optional<std::string> read_hidden();
    [[nodiscard]] std::optional<char> read_char();

    int fd_;
    Terminal& terminal_;
    bool person_;
};

}  // namespace hab::cli
