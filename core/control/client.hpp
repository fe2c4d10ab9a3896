// SPDX-License-Identifier: Apache-2.0
// A blocking client of the control gateway, for commands.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/unique_fd.hpp"
#include "control/frame.hpp"
#include "control/messages.hpp"
#include "net/endpoint.hpp"

namespace hab::control {

/// One connection: connect, handshake, one request. Not thread-safe.
class Client {
public:
    /// Connects and shakes hands, each within `timeout`. Throws Error: io "cannot reach a
    /// supervisor at …", denied when the secret is wrong, timeout, invalid_input when it is not a
    /// supervisor.
    Client(const net::Endpoint& gateway, const std::string& secret,
           std::chrono::milliseconds timeout = std::chrono::seconds(10));

    /// Called for each reply but NetOk and NetErr, in order.
    using OnReply = std::function<void(const Frame&)>;

    /// Sends the one request of this connection.
    template <typename Message>
    void begin(const Message& message) {
        begin(std::string(Message::id), to_wire(message));
    }
    /// Reads replies until the last one. NetErr is thrown as the Error it stands for; a connection
    /// that ends too early is Error(io). `cancel_fd` (or -1): when it becomes readable, stops
    /// waiting and returns false.
    bool finish(const OnReply& on_reply, int cancel_fd = -1);
    /// For requests that are answered by the end of the connection.
    void wait_until_closed();
    /// begin() and finish().
    template <typename Message>
    bool request(const Message& message, const OnReply& on_reply, int cancel_fd = -1) {
        begin(message);
        return finish(on_reply, cancel_fd);
    }

private:
    void begin(std::string message_id, std::string body);
    void send(const Frame& frame);
    /// Next frame; nothing when cancelled. Throws timeout after `timeout` (0: none).
    std::optional<Frame> receive(std::chrono::milliseconds timeout, int cancel_fd);

    net::Endpoint gateway_;
    UniqueFd fd_;
    FrameReader reader_;
};

}  // namespace hab::control
