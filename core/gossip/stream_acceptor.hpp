// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "ring/address.hpp"
#include "ring/codec/codec.hpp"

namespace hab::gossip {

/// What strangers may take of us.
struct AcceptorLimits {
    std::size_t connections = 1024;
    std::size_t per_address = 64;
    std::chrono::milliseconds handshake{10'000};  ///< from connecting to READY
    std::chrono::milliseconds message{30'000};    ///< from a message's first byte to its last
    std::chrono::milliseconds idle{600'000};      ///< between messages
    std::size_t buffered = 64u << 20;             ///< of all messages that are not whole yet
    std::size_t max_message = ring::max_stream_message + ring::sealed_overhead;
};

/// The gossip port: takes ZMTP connections and gives on each message. The handler is called on the
/// loop while the connection waits, so that TCP itself slows down who sends more than is handled.
/// One thread; the handler must not throw.
class StreamAcceptor {
public:
    using Handler = std::function<void(const ring::Endpoint& from, std::string_view message)>;
    struct Counts {
        std::uint64_t accepted = 0;
        std::uint64_t refused = 0;  ///< over a limit: closed at once
        std::uint64_t broken = 0;   ///< closed because the peer broke the protocol
        std::uint64_t stalled = 0;  ///< closed because the peer stopped
        std::uint64_t messages = 0;
    };

    /// Binds and listens; port 0 is any. Throws conflict when the port is taken, else errno errors.
    StreamAcceptor(boost::asio::io_context& loop, const ring::Endpoint& bind, Handler handler,
                   const AcceptorLimits& limits = {});
    ~StreamAcceptor();
    StreamAcceptor(const StreamAcceptor&) = delete;
    StreamAcceptor& operator=(const StreamAcceptor&) = delete;

    [[nodiscard]] ring::Endpoint local() const;
    [[nodiscard]] const Counts& counts() const noexcept;
    /// How many are open now.
    [[nodiscard]] std::size_t connections() const noexcept;

private:
    struct State;
    struct Connection;
    std::shared_ptr<State> state_;
};

}  // namespace hab::gossip
