// SPDX-License-Identifier: Apache-2.0
// ZMTP 3.x with the NULL mechanism between one PUSH and one PULL socket: what the gossip port
// speaks. rfc.zeromq.org/spec/23 and /37. Bytes in, bytes out: no sockets, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hab::ring {

/// What the near end of a connection is. A PUSH side only sends messages, a PULL side only takes
/// them.
enum class ZmtpRole : std::uint8_t { push, pull };

/// One connection. Give it what arrives (feed), take the messages (next), send what it says
/// (output). The order of the handshake is kept by the session: nothing but greeting and READY
/// leaves it before the peer's READY has come, since libzmq drops who is hastier. One thread.
class ZmtpSession {
public:
    /// `max_message`: a longer message ends the session before any of it is stored.
    ZmtpSession(ZmtpRole role, std::size_t max_message);

    /// Bytes from the peer, however they were cut. Takes what next() has not taken yet into a new
    /// place: views that next() gave are void afterwards. Nothing after a failure.
    void feed(std::string_view bytes);
    /// The next whole message: a view that is valid until the next call. Each part of a multipart
    /// message is one. False if none is whole yet; handles commands on the way.
    [[nodiscard]] bool next(std::string_view& message);

    /// Whether the peer's READY has come, so that push() may be called.
    [[nodiscard]] bool established() const noexcept { return state_ == State::ready; }
    /// Adds a message to the output. Only of a PUSH side, and only when established (else
    /// Error(bug)).
    void push(std::string_view message);

    /// What is to be sent and was not taken yet; in the beginning greeting and READY.
    [[nodiscard]] const std::string& output() const noexcept { return output_; }
    [[nodiscard]] std::string take_output();

    /// Why the connection must be closed; empty while all is well. A static text.
    [[nodiscard]] std::string_view failure() const noexcept { return failure_; }
    /// Whether bytes of something that is not whole are waiting: a peer that stops there has
    /// stalled.
    [[nodiscard]] bool mid_frame() const noexcept { return buffered() != 0; }
    /// How many bytes those are.
    [[nodiscard]] std::size_t buffered() const noexcept { return input_.size() - at_; }

private:
    enum class State : std::uint8_t { greeting, handshake, ready, failed };
    struct Frame {
        bool command = false;
        std::string_view body;
    };

    void fail(std::string_view why);
    [[nodiscard]] bool read_greeting();
    [[nodiscard]] bool read_frame(Frame& frame);
    void handle_command(std::string_view body);
    void handle_ready(std::string_view properties);
    void handle_ping(std::string_view body);

    ZmtpRole role_;
    std::size_t max_message_;
    State state_ = State::greeting;
    std::string input_;
    std::size_t at_ = 0;  ///< input up to here is done with
    std::string output_;
    std::string_view failure_;
};

/// A message as its frame: flags, length, bytes.
void append_zmtp_frame(std::string& out, std::string_view message);

}  // namespace hab::ring
