// SPDX-License-Identifier: Apache-2.0
#include "plugin/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.hpp"

namespace hab::plugin {
namespace {

constexpr std::size_t widest = 100;  ///< characters of a line that are shown
constexpr std::size_t lead = 60;     ///< of them before the column, when the line is cut

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

/// Byte offset of a character counted from 0; the end if there are fewer.
std::size_t offset_of(std::string_view line, std::size_t character) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (begins_character(line[i]) && character-- == 0) return i;
    }
    return line.size();
}

}  // namespace

std::string excerpt(std::string_view text, std::uint32_t line, std::uint32_t column) {
    if (line == 0 || column == 0) return {};
    for (std::uint32_t i = 1; i < line; ++i) {
        const auto newline = text.find('\n');
        if (newline == text.npos) return {};
        text.remove_prefix(newline + 1);
    }
    std::string shown(text.substr(0, text.find('\n')));
    if (!is_utf8(shown)) return {};
    for (char& c : shown) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) c = ' ';
    }
    const auto length =
        static_cast<std::size_t>(std::count_if(shown.begin(), shown.end(), begins_character));
    std::size_t caret = std::min<std::size_t>(column - 1, length);
    if (length > widest) {
        const std::size_t first = caret > lead ? std::min(caret - lead, length - widest) : 0;
        const std::size_t begin = offset_of(shown, first);
        shown = shown.substr(begin, offset_of(shown, first + widest) - begin);
        caret -= first;
    }
    while (shown.ends_with(' '))
        shown.pop_back();
    const std::string number = std::to_string(line);
    return fmt::format("\n  {} | {}\n  {:{}} | {:{}}^", number, shown, "", number.size(), "",
                       caret);
}

}  // namespace hab::plugin
