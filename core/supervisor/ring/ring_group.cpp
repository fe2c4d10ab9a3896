// SPDX-License-Identifier: Apache-2.0
#include "supervisor/ring/ring_group.hpp"

#include <algorithm>

namespace hab::supervisor {

std::string_view to_string(ElectionState state) noexcept {
    switch (state) {
        case ElectionState::running:
            return "ElectionInProgress";
        case ElectionState::no_quorum:
            return "ElectionNoQuorum";
        case ElectionState::finished:
            return "ElectionFinished";
        case ElectionState::none:
            break;
    }
    return "None";
}

const RingMember* RingGroup::find(std::string_view id) const noexcept {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const RingMember& member) { return member.id == id; });
    return found == members.end() ? nullptr : &*found;
}

const RingMember* RingGroup::first() const noexcept {
    const RingMember* const leader = find(election.leader);
    if (leader != nullptr && leader->is_active()) return leader;
    const auto found = std::find_if(members.begin(), members.end(),
                                    [](const RingMember& member) { return member.is_active(); });
    return found == members.end() ? nullptr : &*found;
}

bool RingGroup::is_active() const noexcept {
    return first() != nullptr;
}

}  // namespace hab::supervisor
