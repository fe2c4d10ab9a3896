// SPDX-License-Identifier: Apache-2.0
// Signatures at the end of messages, as unknown fields that others skip: a datagram or OwnMessage
// ends with field 1001 (key, number, signature), a rumor with field 100 (key, signature). Each signs
// all the bytes before its signature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/identity.hpp"

namespace hab::ring::codec {

/// What a signed datagram is longer, and a signed rumor.
inline constexpr std::size_t trailer_size = 3 + 32 + 8 + 64;
inline constexpr std::size_t rumor_proof_size = 3 + 96;

/// Views into the message.
struct SignedMessage {
    std::string_view body;  ///< all that is signed: the number and the key too
    std::span<const std::byte, 32> key;
    std::uint64_t number = 0;
    std::span<const std::byte, 64> signature;
};

/// Appends all of the trailer but the signature, which the caller makes of what is there then.
void begin_trailer(std::string& bytes, const crypto::PublicKey& key, std::uint64_t number);
/// Nothing if there is no trailer at the end. Checks no signature.
[[nodiscard]] std::optional<SignedMessage> read_trailer(std::string_view bytes) noexcept;

struct ProvenRumor {
    std::string_view body;   ///< what is signed
    std::string_view proof;  ///< 96 bytes
};
void append_rumor_proof(std::string& bytes, std::string_view proof);
[[nodiscard]] std::optional<ProvenRumor> read_rumor_proof(std::string_view bytes) noexcept;

}  // namespace hab::ring::codec
