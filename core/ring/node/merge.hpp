// SPDX-License-Identifier: Apache-2.0
// Who is right about a member. The table is upstream's (docs/formats/ring-protocol.md).
#pragma once

#include <cstdint>

#include "ring/member.hpp"

namespace hab::ring {

/// Whether what was heard replaces what is known: a higher incarnation always, and at the same one
/// only worse health.
[[nodiscard]] constexpr bool supersedes(Health known, std::uint64_t known_incarnation, Health heard,
                                        std::uint64_t heard_incarnation) noexcept {
    if (heard_incarnation != known_incarnation) return heard_incarnation > known_incarnation;
    return heard > known;
}

}  // namespace hab::ring
