// SPDX-License-Identifier: Apache-2.0
// Bytes to messages and back. Decoders never throw, never read outside their input, look at no more
// of it than its length, and leave views into it; the message that is passed in is overwritten (its
// vectors keep their memory, so that a loop decodes without allocating). What they refuse leaves a
// message of no meaning. Encoders are deterministic and give what stock encoders give, byte for
// byte. docs/formats/ring-protocol.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ring/codec/refusal.hpp"
#include "ring/types.hpp"

namespace hab::ring {

/// Largest stream message that is taken: a body of 64 KiB as stock allows them, and room for a
/// large configuration. Peers that say more are refused before anything is stored.
inline constexpr std::size_t max_stream_message = 1u << 20;

[[nodiscard]] Refusal decode_swim(std::string_view bytes, Swim& out) noexcept;
[[nodiscard]] Refusal decode_rumor(std::string_view bytes, Rumor& out) noexcept;
/// Only what decides whether the rumor is news: several times as fast as decode_rumor, and accepts
/// some that decode_rumor refuses.
[[nodiscard]] Refusal decode_rumor_head(std::string_view bytes, RumorHead& out) noexcept;
/// A bare Membership, the form in the member section of .rst files.
[[nodiscard]] Refusal decode_membership(std::string_view bytes, Membership& out) noexcept;
[[nodiscard]] Refusal decode_own(std::string_view bytes, OwnMessage& out) noexcept;
/// Whether a stream message's payload is an OwnMessage (true) or a Rumor (false).
[[nodiscard]] bool is_own_message(std::string_view bytes) noexcept;

/// Appends to `out`. Throws Error(bug) for what must never be sent to anybody: a kind that does not
/// fit its payload, a message without an id.
void encode(const Swim& swim, std::string& out);
void encode(const Rumor& rumor, std::string& out);
void encode(const Membership& membership, std::string& out);
void encode(const OwnMessage& message, std::string& out);
template <typename Message>
[[nodiscard]] std::string encoded(const Message& message) {
    std::string out;
    encode(message, out);
    return out;
}

/// What an encoded `Swim` grows by in the wrapper: plain, and sealed with a ring key.
inline constexpr std::size_t plain_overhead = 3;
inline constexpr std::size_t sealed_overhead = 47;

/// The outer wrapper of every datagram and stream message.
struct Wire {
    bool encrypted = false;  ///< said by the sender; receivers never rely on it
    std::string_view nonce;
    std::string_view payload;
};
[[nodiscard]] Refusal decode_wire(std::string_view bytes, Wire& out) noexcept;
void encode(const Wire& wire, std::string& out);

/// "service.group" or "service.group@org", each part not empty and without '#', '@' and '.'; a
/// legacy "app.env#" prefix is cut off. Nothing (an empty view) for anything else.
[[nodiscard]] std::string_view checked_group(std::string_view text) noexcept;

}  // namespace hab::ring
