// SPDX-License-Identifier: Apache-2.0
// What a node wants back after a restart. docs/formats/ring-state.md.
#pragma once

#include <cstdint>
#include <string>

namespace hab::ring {

/// Numbers of the file format; append only.
enum class StateKind : std::uint8_t {
    incarnation = 1,  ///< number: the node's own; bytes: none
    membership = 2,   ///< bytes: an encoded Membership
    rumor = 3,        ///< bytes: an encoded Rumor
    vote =
        4,  ///< number: the term; bytes: kind (1), candidate (16), group. Cast at most once a term
    tombstone = 5,  ///< number: last incarnation; bytes: member id (16). A member long departed
};

/// A later record about the same thing replaces an earlier one, so that a log may be replayed in
/// order and a snapshot may hold records in any order.
struct StateRecord {
    StateKind kind = StateKind::incarnation;
    std::uint64_t number = 0;
    std::string bytes = {};
    bool operator==(const StateRecord&) const = default;
};

}  // namespace hab::ring
