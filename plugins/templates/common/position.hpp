// SPDX-License-Identifier: Apache-2.0
// Line and column of a place in a text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace template_plugins {

struct Position {
    std::uint32_t line = 1;    ///< from 1
    std::uint32_t column = 1;  ///< in characters, from 1
};

/// Position of a byte offset; one behind the end is allowed.
[[nodiscard]] inline Position position_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n');
    const auto newline = before.rfind('\n');
    const std::string_view in_line =
        newline == std::string_view::npos ? before : before.substr(newline + 1);
    const auto column = std::count_if(in_line.begin(), in_line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // not inside a UTF-8 sequence
    });
    return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1)};
}

}  // namespace template_plugins
