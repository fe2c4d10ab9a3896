// SPDX-License-Identifier: Apache-2.0
// The line of a text that a message speaks of, with a caret below the place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hab::plugin {

/// Two lines to put behind a message, each with a newline before it and none behind:
///   "\n  3 | port {{cfg.prot}}\n    |        ^"
/// `line` and `column` count from 1, columns in characters. Of a long line only the part around the
/// column is shown; control characters become blanks. Empty if the text has no such line.
[[nodiscard]] std::string excerpt(std::string_view text, std::uint32_t line, std::uint32_t column);

}  // namespace hab::plugin
