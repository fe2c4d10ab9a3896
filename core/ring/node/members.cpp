// SPDX-License-Identifier: Apache-2.0
#include "ring/node/members.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

constexpr Time refute_pause = milliseconds(100);

StateRecord persisted(const Membership& membership) {
    return {StateKind::membership, 0, encoded(membership)};
}

Event changed_event(const MemberId& id, Health health, std::uint64_t incarnation) {
    Event event;
    event.kind = EventKind::member_changed;
    event.member = id;
    event.health = health;
    event.number = incarnation;
    return event;
}

}  // namespace

std::uint64_t member_hash(const MemberId& id) noexcept {
    return hash_of(id, static_cast<std::uint64_t>(RumorKind::member));
}

std::optional<Slot> Members::heard(const Membership& record, const MemberId& accuser) {
    if (record.member.id == core_.config.id) {
        if (!core_.guard.strict() || (core_.guard.proves(record.member) && teller_counts()))
            about_me(record);
        return std::nullopt;
    }
    Membership told = record;
    if (core_.guard.strict() && !temper(told)) return core_.table.find(told.member.id);
    if (departed_for_good(told.member.id)) told.health = Health::departed;
    if (const auto grave = tombstones_.find(told.member.id); grave != tombstones_.end()) {
        if (told.member.incarnation <= grave->second || told.health >= Health::confirmed)
            return std::nullopt;
        tombstones_.erase(grave);
    }
    const MemberMerge merge = core_.table.merge(told);
    if (merge.accepted) {
        changed(merge, accuser);
        return merge.slot;
    }
    return core_.table.find(told.member.id);
}

bool Members::is_member(const MemberId& id) const {
    const auto slot = core_.table.find(id);
    return slot && core_.table.at(*slot).health <= Health::suspect;
}

bool Members::teller_counts() const {
    return core_.restoring || is_member(core_.teller);
}

bool Members::vouched(const Member& member) const {
    const auto slot = core_.table.find(member.id);
    const bool known = slot && !member.proof.empty() && core_.table.record(*slot).member == member;
    return known || core_.guard.proves(member);
}

bool Members::temper(Membership& told) {
    if (!vouched(told.member)) {
        core_.refuse(to_string(Refusal::not_signed));
        return false;
    }
    // It says itself that it goes: whoever passes that on.
    if (told.member.departed) told.health = Health::departed;
    if (told.health == Health::alive || told.member.departed || core_.restoring) return true;
    const auto slot = core_.table.find(told.member.id);
    if (!teller_counts()) {
        // Its own part of the record may be news all the same.
        told.health = Health::alive;
        return true;
    }
    if (!slot) return true;
    const MemberEntry& entry = core_.table.at(*slot);
    if (told.member.incarnation < entry.incarnation) return false;
    const bool same = told.member.incarnation == entry.incarnation;
    if (same && entry.health == Health::confirmed) return true;
    // Others' findings are voices. What follows from them each concludes for itself.
    if (same && entry.health == Health::suspect) {
        if (told.health >= Health::confirmed)
            (void)core_.suspicions.accuse(*slot, entry.incarnation, core_.teller);
        return false;
    }
    told.health = Health::suspect;
    return true;
}

std::optional<Slot> Members::heard_directly(const Member& from, const Contact& source,
                                            bool proven) {
    Membership record{from, from.departed ? Health::departed : Health::alive};
    record.member.address = source.address;
    record.member.probe_ping = false;
    exhume(record);
    const auto slot = heard(record);
    if (!slot) return slot;
    const MemberEntry& entry = core_.table.at(*slot);
    if (proven && entry.incarnation == from.incarnation && source.address.usable() &&
        core_.table.contact(*slot) != source) {
        core_.table.set_contact(*slot, source);
        core_.hot_members.heat(*slot);
        core_.persist(persisted(core_.table.record(*slot)));
        if (on_change) on_change(*slot);
    }
    // It lives, whatever is said: time to hear what is said of it, and to refute it.
    if (proven && entry.health == Health::suspect) {
        const auto wait = suspicion_wait(core_.tuning(), core_.alive(), core_.table.stock_alive());
        core_.suspicions.grant(*slot, core_.now + wait.least);
    }
    return slot;
}

void Members::exhume(Membership& record) {
    const auto grave = tombstones_.find(record.member.id);
    if (grave == tombstones_.end() || record.health == Health::departed) return;
    if (record.member.incarnation > grave->second || departed_for_good(grave->first)) return;
    record.health = Health::departed;
    // What it signed must stay as it is.
    if (!core_.guard.strict()) record.member.incarnation = grave->second;
    tombstones_.erase(grave);
}

void Members::changed(const MemberMerge& merge, const MemberId& accuser) {
    const Slot slot = merge.slot;
    const MemberEntry& entry = core_.table.at(slot);
    const MemberId& id = core_.table.id(slot);
    const std::uint64_t hash = member_hash(id);
    if (merge.added) {
        core_.probe_order.insert(slot, core_.random);
    } else {
        core_.state.toggle(hash, merge.before_incarnation,
                           static_cast<std::uint64_t>(merge.before));
    }
    core_.state.toggle(hash, entry.incarnation, static_cast<std::uint64_t>(entry.health));
    core_.last_change = core_.now;
    if (!core_.restoring && !core_.quietly) core_.hot_members.heat(slot);
    if (entry.health == Health::suspect) {
        const auto wait = suspicion_wait(core_.tuning(), core_.alive(), core_.table.stock_alive());
        core_.suspicions.start(slot, entry.incarnation, core_.now, wait, accuser);
    } else {
        core_.suspicions.end(slot);
        forget_accusations(id);
        core_.persist(persisted(core_.table.record(slot)));
    }
    schedule(slot);
    if (merge.added || merge.before != entry.health)
        core_.emit(changed_event(id, entry.health, entry.incarnation));
    if (on_change) on_change(slot);
}

void Members::about_me(const Membership& record) {
    if (core_.silent()) return;
    const std::uint64_t said = record.member.incarnation;
    const bool doubted = record.health != Health::alive && said >= core_.incarnation;
    if (!doubted && said <= core_.incarnation) return;
    if (doubted) core_.local_health.worse();
    // Each value is synced to disk: forged doubts that climb must not cost one write each.
    if (core_.now < refute_at_) {
        doubt_ = std::max(doubt_.value_or(0), said);
        return;
    }
    refute_at_ = core_.now + refute_pause;
    refute(said);
}

void Members::refute(std::uint64_t above) {
    // Nobody can speak up over the last number; only a forger says it.
    if (above == std::numeric_limits<std::uint64_t>::max()) return;
    set_incarnation(std::max(above, core_.incarnation) + 1);
    core_.self_news = core_.budget();
}

void Members::set_incarnation(std::uint64_t incarnation) {
    const std::uint64_t hash = member_hash(core_.config.id);
    constexpr auto alive = static_cast<std::uint64_t>(Health::alive);
    core_.state.toggle(hash, core_.incarnation, alive);
    core_.incarnation = incarnation;
    core_.state.toggle(hash, core_.incarnation, alive);
    core_.last_change = core_.now;
    core_.persist({StateKind::incarnation, incarnation, {}}, true);
}

void Members::restore_incarnation(std::uint64_t incarnation) {
    if (incarnation > core_.incarnation) set_incarnation(incarnation);
}

void Members::restore_tombstone(const MemberId& id, std::uint64_t incarnation) {
    if (const auto slot = core_.table.find(id)) {
        // Its records may stand before the tombstone; or it came back, and the grave is empty.
        if (core_.table.at(*slot).incarnation > incarnation) return;
        forget(*slot);
    }
    tombstones_[id] = incarnation;
}

bool Members::suspect(Slot slot) {
    const MemberEntry& entry = core_.table.at(slot);
    if (entry.health == Health::alive) {
        Membership record = core_.table.record(slot);
        record.health = Health::suspect;
        changed(core_.table.merge(record), core_.config.id);
        accuse_in_public(slot);
        return true;
    }
    if (entry.health != Health::suspect) return false;
    if (core_.suspicions.accuse(slot, entry.incarnation, core_.config.id)) accuse_in_public(slot);
    return true;
}

void Members::accuse_in_public(Slot slot) {
    const Accusation mine{core_.table.id(slot), core_.table.at(slot).incarnation, core_.config.id};
    if (core_.guard.strict()) core_.accusation_proofs[mine] = core_.guard.prove(mine);
    core_.hot_accusations.heat(mine);
}

void Members::forget_accusations(const MemberId& id) {
    auto& proofs = core_.accusation_proofs;
    for (auto at = proofs.lower_bound({id, 0, {}}); at != proofs.end() && at->first.member == id;) {
        core_.hot_accusations.cool(at->first);
        at = proofs.erase(at);
    }
}

void Members::accused(const Accusation& accusation, std::string_view proof) {
    if (core_.guard.strict()) {
        if (core_.accusation_proofs.contains(accusation)) return;
        if (!is_member(accusation.accuser) || !core_.guard.proves(accusation, proof)) return;
        // Nobody knows of an incarnation that this node did not say yet.
        if (accusation.member == core_.config.id && accusation.incarnation != core_.incarnation)
            return;
    }
    if (accusation.member == core_.config.id) {
        Membership doubt;
        doubt.member.id = accusation.member;
        doubt.member.incarnation = accusation.incarnation;
        doubt.health = Health::suspect;
        about_me(doubt);
        return;
    }
    const auto slot = core_.table.find(accusation.member);
    if (!slot || core_.table.at(*slot).health != Health::suspect) return;
    if (!core_.suspicions.accuse(*slot, accusation.incarnation, accusation.accuser)) return;
    if (core_.guard.strict()) core_.accusation_proofs[accusation] = proof;
    core_.hot_accusations.heat(accusation);
}

void Members::depart(const MemberId& id) {
    if (!departures_.insert(id).second) return;
    if (id == core_.config.id) {
        core_.departed = true;
        Event event;
        event.kind = EventKind::self_departed;
        event.member = id;
        core_.emit(std::move(event));
        return;
    }
    const auto slot = core_.table.find(id);
    if (!slot && on_forget) on_forget(id);
    if (!slot || core_.table.at(*slot).health == Health::departed) return;
    Membership record = core_.table.record(*slot);
    record.health = Health::departed;
    changed(core_.table.merge(record), {});
}

void Members::schedule(Slot slot) {
    if (const auto old = expiry_of_.find(slot); old != expiry_of_.end()) {
        expiries_.erase({old->second, slot});
        expiry_of_.erase(old);
    }
    const Health health = core_.table.at(slot).health;
    if (health <= Health::suspect) return;
    const Time wait = health == Health::confirmed ? core_.tuning().confirmed_to_departed
                                                  : core_.tuning().departed_to_tombstone;
    expiry_of_[slot] = core_.now + wait;
    expiries_.insert({core_.now + wait, slot});
}

void Members::expire(Slot slot) {
    if (core_.table.at(slot).health == Health::departed) {
        forget(slot);
        return;
    }
    Membership record = core_.table.record(slot);
    record.health = Health::departed;
    changed(core_.table.merge(record), {});
}

void Members::forget(Slot slot) {
    const MemberId id = core_.table.id(slot);
    const MemberEntry entry = core_.table.at(slot);
    if (on_change) on_change(slot);
    core_.state.toggle(member_hash(id), entry.incarnation,
                       static_cast<std::uint64_t>(entry.health));
    core_.last_change = core_.now;
    core_.hot_members.cool(slot);
    core_.probe_order.remove(slot);
    core_.suspicions.end(slot);
    forget_accusations(id);
    expiries_.erase({expiry_of_[slot], slot});
    expiry_of_.erase(slot);
    core_.table.remove(slot);
    bury(id, entry.incarnation);
}

void Members::bury(const MemberId& id, std::uint64_t incarnation) {
    tombstones_[id] = incarnation;
    StateRecord record{StateKind::tombstone, incarnation, {}};
    record.bytes.assign(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
    core_.persist(std::move(record));
    if (on_forget) on_forget(id);
}

void Members::has_service(const MemberId& id) {
    if (id == core_.config.id || core_.table.find(id) || !strangers_.insert(id).second) return;
    const Tuning& tuning = core_.tuning();
    strangers_until_.push_back(
        {core_.now + tuning.confirmed_to_departed + tuning.departed_to_tombstone, id});
}

void Members::forget_strangers() {
    while (!strangers_until_.empty() && strangers_until_.front().first <= core_.now) {
        const MemberId id = strangers_until_.front().second;
        strangers_until_.pop_front();
        strangers_.erase(id);
        if (!core_.table.find(id) && !tombstones_.contains(id)) bury(id, 0);
    }
}

void Members::tick() {
    forget_strangers();
    if (doubt_ && core_.now >= refute_at_) {
        const std::uint64_t said = *std::exchange(doubt_, std::nullopt);
        if (said >= core_.incarnation && !core_.silent()) {
            refute_at_ = core_.now + refute_pause;
            refute(said);
        }
    }
    while (const auto slot = core_.suspicions.due(core_.now)) {
        Membership record = core_.table.record(*slot);
        record.health = Health::confirmed;
        changed(core_.table.merge(record), {});
    }
    while (!expiries_.empty() && expiries_.begin()->first <= core_.now)
        expire(expiries_.begin()->second);
}

Time Members::next() const noexcept {
    return std::min(
        {core_.suspicions.next(), strangers_until_.empty() ? never : strangers_until_.front().first,
         expiries_.empty() ? never : expiries_.begin()->first, doubt_ ? refute_at_ : never});
}

void Members::stalled(Time by) {
    core_.suspicions.grant_all(by);
    core_.local_health.worse(2);
}

}  // namespace hab::ring
