// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "ring/member_id.hpp"
#include "ring/node/time.hpp"

namespace hab::ring {

/// What this node asked and was not answered yet. A PING carries a random sequence, and the ACK to
/// it returns it: so an ACK that somebody recorded and sends again says nothing.
class Challenges {
public:
    /// `whom`: nobody if it is not known who will answer. `heard`: the highest number that they
    /// signed anything with up to now; 0 if they did not.
    void ask(std::uint64_t sequence, const MemberId& whom, Time now, std::uint64_t heard = 0) {
        asked_[sequence] = {whom, now, heard};
    }
    /// What was heard of them when that was asked; 0 if it was not asked.
    [[nodiscard]] std::uint64_t heard_when_asked(std::uint64_t echo) const {
        const auto found = asked_.find(echo);
        return found == asked_.end() ? 0 : found->second.heard;
    }
    /// Whether that is an answer of theirs to something asked lately.
    [[nodiscard]] bool answers(std::uint64_t echo, const MemberId& whom, Time now) const {
        const auto found = asked_.find(echo);
        if (echo == 0 || found == asked_.end() || now > found->second.at + patience) return false;
        return found->second.whom.empty() || found->second.whom == whom;
    }
    /// Each counts once.
    void answered(std::uint64_t echo) { asked_.erase(echo); }
    void expire(Time now) {
        std::erase_if(asked_, [&](const auto& one) { return now > one.second.at + patience; });
    }

private:
    // Longer than a probe takes at the worst local health.
    static constexpr Time patience = seconds(15);
    struct Asked {
        MemberId whom;
        Time at = 0;
        std::uint64_t heard = 0;
    };
    std::map<std::uint64_t, Asked> asked_;
};

}  // namespace hab::ring
