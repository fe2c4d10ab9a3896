// SPDX-License-Identifier: Apache-2.0
#include "gossip/tcp.hpp"

#include <algorithm>

namespace hab::gossip {

namespace ip = boost::asio::ip;

tcp::endpoint to_tcp(const ring::Endpoint& endpoint) {
    if (endpoint.ip.is_v4()) {
        ip::address_v4::bytes_type bytes;
        std::copy_n(&endpoint.ip.bytes[12], bytes.size(), bytes.begin());
        return {ip::address_v4(bytes), endpoint.port};
    }
    ip::address_v6::bytes_type bytes;
    std::copy(endpoint.ip.bytes.begin(), endpoint.ip.bytes.end(), bytes.begin());
    return {ip::address_v6(bytes), endpoint.port};
}

ring::Endpoint from_tcp(const tcp::endpoint& endpoint) {
    ring::Endpoint result;
    result.port = endpoint.port();
    if (endpoint.address().is_v4()) {
        const auto bytes = endpoint.address().to_v4().to_bytes();
        result.ip = ring::IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
    } else {
        const auto bytes = endpoint.address().to_v6().to_bytes();
        std::copy(bytes.begin(), bytes.end(), result.ip.bytes.begin());
    }
    return result;
}

}  // namespace hab::gossip
