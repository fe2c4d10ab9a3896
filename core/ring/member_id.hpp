// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hab::ring {

/// Identity of a member for its whole life: on the wire 32 lower-case hex digits, here 16 bytes,
/// which sort the same way. All zero means "nobody" and never comes from a decoder.
struct MemberId {
    std::array<std::uint8_t, 16> bytes{};

    /// Exactly 32 hex digits in lower case, not all zero; nothing otherwise.
    [[nodiscard]] static std::optional<MemberId> parse(std::string_view text) noexcept;
    /// The 32 digits, without an allocation.
    [[nodiscard]] std::array<char, 32> digits() const noexcept;
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] bool empty() const noexcept { return *this == MemberId{}; }

    auto operator<=>(const MemberId&) const = default;
};

}  // namespace hab::ring
