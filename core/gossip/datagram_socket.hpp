// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "ring/address.hpp"

namespace hab::gossip {

/// The failure detector's UDP socket on the loop. Datagrams are given on as they are; what to make
/// of them is the ring's business. One thread; the handler must not throw.
class DatagramSocket {
public:
    using Handler = std::function<void(const ring::Endpoint& from, std::string_view bytes)>;
    struct Counts {
        std::uint64_t received = 0;
        std::uint64_t oversized = 0;  ///< longer than ring::max_datagram: dropped
        std::uint64_t unsent = 0;     ///< the system did not take them
    };

    /// Binds; port 0 is any. An address without IP ("none") is all of IPv6 and IPv4. Throws
    /// conflict when the port is taken, else errno errors.
    DatagramSocket(boost::asio::io_context& loop, const ring::Endpoint& bind, Handler handler);
    ~DatagramSocket();
    DatagramSocket(const DatagramSocket&) = delete;
    DatagramSocket& operator=(const DatagramSocket&) = delete;

    /// With the real port.
    [[nodiscard]] ring::Endpoint local() const;
    /// Sends or drops, and never waits: the protocol expects loss.
    void send(const ring::Endpoint& to, std::string_view bytes) noexcept;
    [[nodiscard]] const Counts& counts() const noexcept;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace hab::gossip
