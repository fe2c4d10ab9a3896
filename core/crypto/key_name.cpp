// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_name.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace hab::crypto {
namespace {

constexpr std::size_t revision_length = 14;
constexpr std::size_t max_name_length = 255;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_origin_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-';
}

/// Key names become file names and header lines: no separators, no line breaks.
bool is_key_name_char(char c) noexcept {
    return static_cast<unsigned char>(c) > ' ' && c != '/' && c != '\\' && c != '\x7f';
}

}  // namespace

std::optional<KeyName> KeyName::parse(std::string_view text) {
    if (text.size() < revision_length + 2) return std::nullopt;
    const std::string_view revision = text.substr(text.size() - revision_length);
    const std::string_view name = text.substr(0, text.size() - revision_length - 1);
    if (text[name.size()] != '-' || name.size() > max_name_length) return std::nullopt;
    if (!std::all_of(revision.begin(), revision.end(), is_digit)) return std::nullopt;
    if (!std::all_of(name.begin(), name.end(), is_key_name_char)) return std::nullopt;
    return KeyName{std::string(name), std::string(revision)};
}

bool is_valid_origin_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > max_name_length) return false;
    if (name.front() == '_' || name.front() == '-') return false;
    return std::all_of(name.begin(), name.end(), is_origin_char);
}

void check_origin_name(std::string_view name) {
    if (is_valid_origin_name(name)) return;
    throw Error(
        ErrorCode::usage, fmt::format("'{}' is not a valid origin name", name),
        "use lower-case letters, digits, '-' and '_', beginning with a letter or digit, at most "
        "255 characters");
}

}  // namespace hab::crypto
