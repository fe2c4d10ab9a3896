// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ring/address.hpp"

namespace hab::gossip {

struct PoolLimits {
    std::size_t connections = 64;                ///< open at a time, whoever waits
    std::size_t queued_bytes = 4u << 20;         ///< per peer; more is refused at once
    std::size_t all_queued_bytes = 64u << 20;    ///< of all peers
    std::chrono::milliseconds handshake{5'000};  ///< from connecting to the peer's READY
    std::chrono::milliseconds write{10'000};     ///< for one order's bytes to go to the system
    std::chrono::milliseconds idle{60'000};      ///< then a connection without work is closed
};

/// Sends messages to gossip ports over connections that are kept and used again. What a peer does
/// not take fast enough is refused and said so, never piled up. One thread.
class StreamPool {
public:
    /// How an order ended: `sent` of its messages were handed to the system in order. Called on the
    /// loop, never from within send(). Must not throw.
    using Done = std::function<void(std::uint64_t order, std::size_t sent, bool ok)>;
    struct Counts {
        std::uint64_t connected = 0;
        std::uint64_t failed = 0;   ///< orders that did not get through
        std::uint64_t refused = 0;  ///< orders over a limit
        std::uint64_t sent = 0;     ///< messages
    };

    StreamPool(boost::asio::io_context& loop, Done done, const PoolLimits& limits = {});
    ~StreamPool();
    StreamPool(const StreamPool&) = delete;
    StreamPool& operator=(const StreamPool&) = delete;

    /// Queues an order of whole messages (wrapped and sealed); `order` comes back in Done.
    void send(std::uint64_t order, const ring::Endpoint& to, std::vector<std::string> messages);

    [[nodiscard]] const Counts& counts() const noexcept;
    /// Open or being opened.
    [[nodiscard]] std::size_t connections() const noexcept;

private:
    struct State;
    struct Peer;
    std::shared_ptr<State> state_;
};

}  // namespace hab::gossip
