// SPDX-License-Identifier: Apache-2.0
#include "ring/member_id.hpp"

namespace hab::ring {
namespace {

constexpr std::uint8_t no_digit = 0x80;

/// Every message has ids, so they are read without a branch per digit.
constexpr std::array<std::uint8_t, 256> digit_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (unsigned i = 0; i < 10; ++i)
        values['0' + i] = static_cast<std::uint8_t>(i);
    for (unsigned i = 0; i < 6; ++i)
        values['a' + i] = static_cast<std::uint8_t>(10 + i);
    return values;
}();

constexpr unsigned digit_value(char c) noexcept {
    return digit_values[static_cast<unsigned char>(c)];
}

}  // namespace

std::optional<MemberId> MemberId::parse(std::string_view text) noexcept {
    MemberId id;
    if (text.size() != 2 * id.bytes.size()) return std::nullopt;
    unsigned all = 0;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        const unsigned high = digit_value(text[2 * i]);
        const unsigned low = digit_value(text[2 * i + 1]);
        all |= high | low;
        id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if ((all & no_digit) != 0) return std::nullopt;
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
