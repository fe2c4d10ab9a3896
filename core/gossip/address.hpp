// SPDX-License-Identifier: Apache-2.0
// The ring's addresses as the system's. Private to this room.
#pragma once

#include <sys/socket.h>

#include "ring/address.hpp"

namespace hab::gossip {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    [[nodiscard]] sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] const sockaddr* get() const noexcept {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
};

/// `family` is that of the socket: one for IPv6 reaches IPv4 through mapped addresses.
[[nodiscard]] SocketAddress to_system(const ring::Endpoint& endpoint, int family) noexcept;
[[nodiscard]] ring::Endpoint from_system(const SocketAddress& address) noexcept;
/// AF_INET for IPv4 (also 0.0.0.0), else AF_INET6.
[[nodiscard]] int family_of(const ring::Endpoint& endpoint) noexcept;

}  // namespace hab::gossip
