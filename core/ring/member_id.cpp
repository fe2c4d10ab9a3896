// SPDX-License-Identifier: Apache-2.0
#include "ring/member_id.hpp"

namespace hab::ring {
namespace {

constexpr std::uint8_t no_digit = 0xff;

constexpr std::uint8_t digit_value(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    return no_digit;
}

}  // namespace

std::optional<MemberId> MemberId::parse(std::string_view text) noexcept {
    MemberId id;
    if (text.size() != 2 * id.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        const std::uint8_t high = digit_value(text[2 * i]);
        const std::uint8_t low = digit_value(text[2 * i + 1]);
        if (high == no_digit || low == no_digit) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (id.empty()) return std::nullopt;
    return id;
}

std::array<char, 32> MemberId::digits() const noexcept {
    constexpr std::string_view alphabet = "0123456789abcdef";
    std::array<char, 32> text{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text[2 * i] = alphabet[bytes[i] >> 4];
        text[2 * i + 1] = alphabet[bytes[i] & 0xf];
    }
    return text;
}

std::string MemberId::to_string() const {
    const auto text = digits();
    return {text.data(), text.size()};
}

}  // namespace hab::ring
