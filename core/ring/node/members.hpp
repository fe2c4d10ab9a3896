// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "ring/node/core.hpp"

namespace hab::ring {

/// The one way in which beliefs about members change, and all that follows from a change: hashes,
/// news, suspicions, expiry, persistence, events.
class Members {
public:
    explicit Members(Core& core) : core_(core) {}

    /// Told after every change of a member's health or incarnation, and before one is forgotten.
    std::function<void(Slot)> on_change;
    /// Told after a member was forgotten.
    std::function<void(const MemberId&)> on_forget;

    /// What somebody says of a member, perhaps of this node. `accuser`: who found a suspect out, if
    /// it is known. Returns the member's slot if it is known afterwards.
    std::optional<Slot> heard(const Membership& record, const MemberId& accuser = {});
    /// What a member says of itself in a datagram of its own that came from `source`. `proven`: the
    /// datagram is no old one, so that the member is there now.
    std::optional<Slot> heard_directly(const Member& from, const Contact& source,
                                       bool proven = true);
    /// In a strict ring: whether the member itself says this record.
    [[nodiscard]] bool vouched(const Member& member) const;
    /// Our own finding. False when it is not believed to be alive anyway.
    bool suspect(Slot slot);
    /// `proof`: the accuser's, in a strict ring.
    void accused(const Accusation& accusation, std::string_view proof = {});
    /// By an operator's rumor: for good.
    void depart(const MemberId& id);
    [[nodiscard]] bool departed_for_good(const MemberId& id) const {
        return departures_.contains(id);
    }

    /// Somebody doubts this node at that incarnation: speak up with a higher one.
    void refute(std::uint64_t above);
    void set_incarnation(std::uint64_t incarnation);
    void restore_incarnation(std::uint64_t incarnation);
    void restore_tombstone(const MemberId& id, std::uint64_t incarnation);

    /// A service of that member is kept. If nobody ever tells of the member, because all others have
    /// forgotten it, this node forgets it in the end as they did.
    void has_service(const MemberId& id);
    /// Suspects and expiries whose time has come.
    void tick();
    [[nodiscard]] Time next() const noexcept;
    /// This node stood still: nobody is to suffer for it.
    void stalled(Time by);

    /// Whether nothing is kept of it: it was forgotten, or departed for good before it was known.
    [[nodiscard]] bool buried(const MemberId& id) const {
        return tombstones_.contains(id) || (departed_for_good(id) && !core_.table.find(id));
    }
    [[nodiscard]] const std::map<MemberId, std::uint64_t>& tombstones() const noexcept {
        return tombstones_;
    }

private:
    void changed(const MemberMerge& merge, const MemberId& accuser);
    void about_me(const Membership& record);
    /// What of a record may be believed in a strict ring: its member signed for itself, and for
    /// worse health stands who told it, a member. False if nothing.
    [[nodiscard]] bool temper(Membership& told);
    [[nodiscard]] bool teller_counts() const;
    [[nodiscard]] bool is_member(const MemberId& id) const;
    void forget_accusations(const MemberId& id);
    /// A member that we buried speaks for itself with nothing newer than its grave: back into the
    /// table as what we last held of it, so that it is told so and can refute it.
    void exhume(Membership& record);
    void expire(Slot slot);
    void bury(const MemberId& id, std::uint64_t incarnation);
    void forget_strangers();
    void forget(Slot slot);
    void schedule(Slot slot);
    void accuse_in_public(Slot slot);

    Core& core_;
    std::map<MemberId, std::uint64_t> tombstones_;
    std::set<MemberId> departures_;
    std::set<std::pair<Time, Slot>> expiries_;
    std::map<Slot, Time> expiry_of_;
    std::set<MemberId> strangers_;  // unknown when a service of theirs came
    std::deque<std::pair<Time, MemberId>> strangers_until_;
    std::optional<std::uint64_t> doubt_;  // the highest that waits to be refuted
    Time refute_at_ = 0;                  // not before
};

/// As the hashes of anti-entropy know a member.
[[nodiscard]] std::uint64_t member_hash(const MemberId& id) noexcept;

}  // namespace hab::ring
