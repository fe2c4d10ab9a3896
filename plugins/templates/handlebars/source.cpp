// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <algorithm>
#include <hab/types.hpp>
#include <utility>

namespace handlebars {
namespace {

std::pair<std::uint32_t, std::uint32_t> line_and_column(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n');
    const auto newline = before.rfind('\n');
    const std::string_view in_line = newline == before.npos ? before : before.substr(newline + 1);
    const auto column = std::count_if(in_line.begin(), in_line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // not inside a UTF-8 sequence
    });
    return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1)};
}

}  // namespace

void Source::fail(std::size_t offset, std::string message, std::string hint) const {
    const auto [line, column] = line_and_column(text, offset);
    throw hab::sdk::Error(HAB_STATUS_USAGE, std::move(message), std::move(hint))
        .at(name, line, column);
}

std::string Source::where(std::size_t offset) const {
    const auto [line, column] = line_and_column(text, offset);
    return name + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace handlebars
