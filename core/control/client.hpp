// SPDX-License-Identifier: Apache-2.0
// A blocking client of the control gateway, for commands.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "control/frame.hpp"
#include "control/messages.hpp"
#include "net/endpoint.hpp"
#include "net/tls.hpp"

namespace hab::control {

/// One connection: connect, handshake, one request. Not thread-safe.
class Client {
public:
    /// Connects and shakes hands, each within `timeout`. Throws Error: io "cannot reach a
    /// supervisor at …", denied when the secret is wrong, timeout, invalid_input when it is not a
    /// supervisor. With `tls` the connection is encrypted; a certificate that does not fit is
    /// Error(denied).
    Client(const net::Endpoint& gateway, const std::string& secret,
           std::chrono::milliseconds timeout = std::chrono::seconds(10),
           const std::shared_ptr<net::TlsContext>& tls = nullptr);

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
    /// For requests that are answered by the end of the connection. A refusal is thrown.
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
    void send_bytes(std::string_view bytes);
    /// Gives what has arrived to the frame reader. Throws denied when TLS fails.
    void take(std::string_view bytes);
    void shake_hands(std::chrono::milliseconds timeout);
    /// Waits for bytes; false when cancelled. Throws timeout at `deadline` if there is one.
    bool wait_and_take(std::optional<std::chrono::steady_clock::time_point> deadline,
                       int cancel_fd);
    /// Next frame; nothing when cancelled. Throws timeout after `timeout` (0: none).
    std::optional<Frame> receive(std::chrono::milliseconds timeout, int cancel_fd);

    net::Endpoint gateway_;
    UniqueFd fd_;
    std::unique_ptr<net::TlsSession> tls_;  ///< null: not encrypted
    FrameReader reader_;
};

}  // namespace hab::control
