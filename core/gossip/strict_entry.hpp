// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "crypto/key_cache.hpp"
#include "ring/seal.hpp"
#include "ring/strict.hpp"

namespace hab::gossip {

/// Whether, and as whom, a supervisor enters a strict ring.
///
/// A ring is strict when its keys name admins. Then the supervisor's identity is read from
/// STATE_DIR/ring.identity (0400), or made; it signs commands if the key cache holds the secret half
/// of an admin's key. In any other ring the result is null.
///
/// Nobody slides from a strict ring into one that is not: throws conflict for a supervisor that has
/// an identity and a key without admins, and for two live keys of which one is not strict; usage
/// when `demanded` (--ring-strict) and the ring is not strict; crypto for a damaged identity.
[[nodiscard]] std::shared_ptr<const ring::StrictRing> enter_strictly(const ring::Seal& seal,
                                                                     bool demanded,
                                                                     const crypto::KeyCache& cache,
                                                                     const fs::path& state_dir,
                                                                     WallTime now);

}  // namespace hab::gossip
