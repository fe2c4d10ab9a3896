// SPDX-License-Identifier: Apache-2.0
// Frames of the control gateway: docs/formats/control-protocol.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hab::control {

/// Most that the 20 and 6 bits of a frame header can say.
inline constexpr std::size_t max_body = (1u << 20) - 1;
inline constexpr std::size_t max_message_id = 63;

/// Ties requests and replies together.
struct Transaction {
    std::uint32_t id = 0;  ///< 30 bits
    bool response = false;
    bool complete = false;  ///< last frame of the transaction
    bool operator==(const Transaction&) const = default;
};

struct Frame {
    std::optional<Transaction> transaction;
    std::string message_id;  ///< "SvcLoad"; letters, digits and '-'
    std::string body;        ///< protobuf
    bool operator==(const Frame&) const = default;
};

/// Throws Error(invalid_input) if the message id or body is too long for the header.
[[nodiscard]] std::string encode_frame(const Frame& frame);

/// Cuts a byte stream into frames. Holds at most one incomplete frame plus what was fed last.
class FrameReader {
public:
    /// Frames with larger bodies are refused before they are buffered.
    explicit FrameReader(std::size_t body_limit = max_body) : body_limit_(body_limit) {}

    void feed(std::string_view bytes) { buffer_.append(bytes); }
    /// Next whole frame; nothing if more bytes are needed. Throws Error(invalid_input) for bytes
    /// that are not a frame; the stream has no way to go on after that.
    [[nodiscard]] std::optional<Frame> next();
    /// Whether a frame has begun but is not complete.
    [[nodiscard]] bool mid_frame() const noexcept { return !buffer_.empty(); }
    void set_body_limit(std::size_t limit) noexcept { body_limit_ = limit; }

private:
    std::string buffer_;
    std::size_t body_limit_;
};

}  // namespace hab::control
