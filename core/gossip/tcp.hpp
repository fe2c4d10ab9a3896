// SPDX-License-Identifier: Apache-2.0
// Between the ring's endpoints and Asio's. Private to this room.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "ring/address.hpp"

namespace hab::gossip {

using boost::asio::ip::tcp;

/// IPv4 endpoints stay IPv4; none is all of IPv6 and IPv4.
[[nodiscard]] tcp::endpoint to_tcp(const ring::Endpoint& endpoint);
/// Mapped IPv4 becomes IPv4; an endpoint that cannot be had becomes none.
[[nodiscard]] ring::Endpoint from_tcp(const tcp::endpoint& endpoint);

}  // namespace hab::gossip
