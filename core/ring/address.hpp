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

/// An IP address in 16 bytes; IPv4 ones are mapped (::ffff:a.b.c.d). All zero means "none", which
/// on the wire is the empty text.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};

    /// Dotted IPv4 without leading zeros, or IPv6 without scope and brackets; nothing otherwise, so
    /// also for "" and "::".
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text) noexcept;
    [[nodiscard]] static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c,
                                      std::uint8_t d) noexcept;
    /// As parse() reads it; "" for none.
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] bool empty() const noexcept { return *this == IpAddress{}; }
    [[nodiscard]] bool is_v4() const noexcept;
    /// Whether a datagram can be sent there: neither none nor 0.0.0.0.
    [[nodiscard]] bool usable() const noexcept;

    auto operator<=>(const IpAddress&) const = default;
};

/// Where a datagram or stream comes from or goes to.
struct Endpoint {
    IpAddress ip;
    std::uint16_t port = 0;

    /// "10.0.0.1:9638", "[fd00::1]:9638".
    [[nodiscard]] std::string to_string() const;
    auto operator<=>(const Endpoint&) const = default;
};

}  // namespace hab::ring
