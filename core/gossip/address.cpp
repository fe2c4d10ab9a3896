// SPDX-License-Identifier: Apache-2.0
#include "gossip/address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace hab::gossip {

int family_of(const ring::Endpoint& endpoint) noexcept {
    return endpoint.ip.is_v4() ? AF_INET : AF_INET6;
}

SocketAddress to_system(const ring::Endpoint& endpoint, int family) noexcept {
    SocketAddress address;
    if (family == AF_INET) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, &endpoint.ip.bytes[12], 4);
        std::memcpy(&address.storage, &v4, sizeof v4);
        address.size = sizeof v4;
        return address;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, endpoint.ip.bytes.data(), 16);
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.size = sizeof v6;
    return address;
}

ring::Endpoint from_system(const SocketAddress& address) noexcept {
    ring::Endpoint endpoint;
    if (address.storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.storage, sizeof v4);
        std::uint8_t ip[4];
        std::memcpy(ip, &v4.sin_addr, sizeof ip);
        endpoint.ip = ring::IpAddress::v4(ip[0], ip[1], ip[2], ip[3]);
        endpoint.port = ntohs(v4.sin_port);
    } else if (address.storage.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address.storage, sizeof v6);
        std::memcpy(endpoint.ip.bytes.data(), &v6.sin6_addr, 16);
        endpoint.port = ntohs(v6.sin6_port);
    }
    return endpoint;
}

}  // namespace hab::gossip
