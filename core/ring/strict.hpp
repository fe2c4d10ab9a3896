// SPDX-License-Identifier: Apache-2.0
// Strict rings: every member signs what it says, admins sign commands, and nothing that is not
// signed is believed. docs/ring/security.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/identity.hpp"
#include "ring/member_id.hpp"

namespace hab::ring {

/// A public key and the signature made with it, as they travel together.
inline constexpr std::size_t proof_size = 96;

/// In a strict ring a member's id is made of its key (the first half of its BLAKE2b-256), so that
/// nobody else can speak under it.
[[nodiscard]] MemberId member_id_of(std::span<const std::byte, 32> key);

/// What makes a node a member of a strict ring. Fixed for the node's life.
struct StrictRing {
    std::string ring;                       ///< its name is part of everything that is signed
    crypto::Identity identity;              ///< the node's own
    std::vector<crypto::PublicKey> admins;  ///< who may give commands to the ring
    /// The secret half of an admin's key: then this node signs what is injected here.
    std::optional<crypto::Identity> admin = {};
    /// Its messages are numbered from here on: higher than in any life before (the time of its
    /// start in microseconds is).
    std::uint64_t epoch = 0;

    [[nodiscard]] MemberId id() const { return member_id_of(identity.public_key()); }
};

}  // namespace hab::ring
