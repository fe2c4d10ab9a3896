// SPDX-License-Identifier: Apache-2.0
// How long a suspect has to speak up (Lifeguard, section "LHA-Suspicion").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ring/node/member_table.hpp"
#include "ring/node/tuning.hpp"

namespace hab::ring {

struct SuspicionWait {
    Time least = 0;       ///< with enough independent accusers
    Time most = 0;        ///< with a single one
    unsigned voices = 0;  ///< how many further accusers are enough

    /// With `count` accusers beyond the first.
    [[nodiscard]] Time after(unsigned count) const noexcept;
};

/// For a ring with that many members alive, this node counted; `stock` of them with stock behaviour.
[[nodiscard]] SuspicionWait suspicion_wait(const Tuning& tuning, std::size_t alive,
                                           std::size_t stock) noexcept;

/// The members that a node suspects, and until when.
class Suspicions {
public:
    /// Begins anew if the member was suspected before. `accuser` may be nobody (told by a stock
    /// record, which does not say who found out).
    void start(Slot slot, std::uint64_t incarnation, Time now, SuspicionWait wait,
               const MemberId& accuser);
    /// Another accuser. True when it is news, and then the time left may have shrunk.
    bool accuse(Slot slot, std::uint64_t incarnation, const MemberId& accuser);
    void end(Slot slot);
    /// The suspect gets at least that long from now on: it was heard, or we could not listen.
    void grant(Slot slot, Time until);
    void grant_all(Time by);

    [[nodiscard]] bool contains(Slot slot) const noexcept { return all_.contains(slot); }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
    [[nodiscard]] Time next() const noexcept;
    /// A suspect whose time is over; it stays until end().
    [[nodiscard]] std::optional<Slot> due(Time now) const noexcept;

private:
    struct Suspect {
        std::uint64_t incarnation = 0;
        Time since = 0;
        Time granted = 0;
        SuspicionWait wait;
        std::vector<MemberId> accusers;  // at most voices + 1
        [[nodiscard]] Time deadline() const noexcept;
    };
    std::map<Slot, Suspect> all_;
};

}  // namespace hab::ring
