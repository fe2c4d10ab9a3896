// SPDX-License-Identifier: Apache-2.0
// One election of one group as the ring says it, and the two ways to put two of them together.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ring/rumor.hpp"

namespace hab::ring {

/// An ElectionRumor that owns what it says.
struct Election {
    MemberId candidate;
    std::uint64_t term = 0;
    std::uint64_t suitability = 0;
    ElectionStatus status = ElectionStatus::running;
    std::vector<MemberId> votes;
    // In a strict ring: the candidate's proof of all but the votes, and the voters'.
    std::string claim = {};
    std::map<MemberId, std::string> proofs = {};
    bool operator==(const Election&) const = default;
};

[[nodiscard]] Election owned(const ElectionRumor& rumor);
/// An encoded Rumor of kind election or election_update.
[[nodiscard]] std::string encoded(const Election& election, RumorKind kind, std::string_view group);
/// A number that differs whenever anything but the term does.
[[nodiscard]] std::uint64_t rank_of(const Election& election) noexcept;

/// Whether `a` beats `b` as a candidate: suitability, then the larger id.
[[nodiscard]] bool stronger(const Election& a, const Election& b) noexcept;

/// Upstream's merge, flaws and all (a vote passes to whoever absorbs its candidate; two that are
/// finished at one term replace each other for ever). True when it counts as a change.
bool merge_as_stock(Election& stored, const Election& heard);

/// What ours do in a group with stock members: upstream's merge where its outcome decides, without
/// what makes it flap: of two results at one term the stronger stays, a lower term changes nothing,
/// votes are sorted. True only when something really changed.
bool merge_mixed(Election& stored, const Election& heard);

/// The merge of groups of our own nodes. Terms never go back; a vote is for one candidate and is
/// never passed on; of two at one term a finished one wins, then the stronger candidate; votes are
/// kept sorted, so that equal records are equal. Order, repetition and grouping do not matter.
bool merge_fenced(Election& stored, const Election& heard);

}  // namespace hab::ring
