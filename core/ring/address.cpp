// SPDX-License-Identifier: Apache-2.0
#include "ring/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace hab::ring {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// Dotted IPv4 by hand: every member has one, and inet_pton takes as long as the rest of it.
std::optional<IpAddress> parse_v4(std::string_view text) noexcept {
    std::array<std::uint8_t, 4> parts{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i != 0 && (at == text.size() || text[at++] != '.')) return std::nullopt;
        const std::size_t begin = at;
        unsigned value = 0;
        while (at < text.size() && at - begin < 3 && text[at] >= '0' && text[at] <= '9')
            value = value * 10 + static_cast<unsigned>(text[at++] - '0');
        const bool padded = at - begin > 1 && text[begin] == '0';
        if (at == begin || padded || value > 255) return std::nullopt;
        parts[i] = static_cast<std::uint8_t>(value);
    }
    if (at != text.size()) return std::nullopt;
    return IpAddress::v4(parts[0], parts[1], parts[2], parts[3]);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
    if (text.find(':') == std::string_view::npos) return parse_v4(text);
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.empty() || text.size() >= copy.size()) return std::nullopt;
    if (text.find('\0') != std::string_view::npos) return std::nullopt;
    std::copy(text.begin(), text.end(), copy.begin());
    IpAddress address;
    if (::inet_pton(AF_INET6, copy.data(), address.bytes.data()) != 1) return std::nullopt;
    if (address.empty()) return std::nullopt;
    return address;
}

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept {
    IpAddress address;
    std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes.begin());
    address.bytes[12] = a;
    address.bytes[13] = b;
    address.bytes[14] = c;
    address.bytes[15] = d;
    return address;
}

std::string IpAddress::to_string() const {
    if (empty()) return {};
    if (is_v4()) return fmt::format("{}.{}.{}.{}", bytes[12], bytes[13], bytes[14], bytes[15]);
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, bytes.data(), text.data(), static_cast<socklen_t>(text.size()));
    return text.data();
}

bool IpAddress::is_v4() const noexcept {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}

bool IpAddress::usable() const noexcept {
    return !empty() && *this != v4(0, 0, 0, 0);
}

std::string Endpoint::to_string() const {
    return ip.is_v4() ? fmt::format("{}:{}", ip.to_string(), port)
                      : fmt::format("[{}]:{}", ip.to_string(), port);
}

}  // namespace hab::ring
