// SPDX-License-Identifier: Apache-2.0
#include "ring/node/member_table.hpp"

#include "ring/node/merge.hpp"

namespace hab::ring {
namespace {

Contact contact_of(const Member& member) noexcept {
    return {member.address, member.swim_port, member.gossip_port};
}

}  // namespace

MemberTable::~MemberTable() {
    for (const MemberEntry& entry : entries_) {
        if (!entry.used) continue;
        book_->release(entry.member);
        book_->release_contact(entry.contact);
    }
}

MemberMerge MemberTable::merge(const Membership& heard) {
    MemberMerge result;
    const auto known = find(heard.member.id);
    if (!known) {
        if (!heard.member.address.usable() || heard.member.swim_port == 0) return result;
        result.slot = add(heard);
        keep_proof(result.slot, heard.member.proof);
        result.accepted = result.added = true;
        return result;
    }
    result.slot = *known;
    MemberEntry& entry = entries_[*known];
    result.before = entry.health;
    result.before_incarnation = entry.incarnation;
    if (!supersedes(entry.health, entry.incarnation, heard.health, heard.member.incarnation))
        return result;
    result.accepted = true;
    entry.incarnation = heard.member.incarnation;
    entry.persistent = heard.member.persistent;
    entry.departed = heard.member.departed;
    keep_proof(*known, heard.member.proof);
    set_health(*known, heard.health);
    if (heard.member.address.usable() && heard.member.swim_port != 0)
        set_contact(*known, contact_of(heard.member));
    return result;
}

void MemberTable::keep_proof(Slot slot, std::string_view proof) {
    if (proof.empty()) {
        if (!proofs_.empty()) proofs_.erase(slot);
        return;
    }
    proofs_[slot] = std::string(proof);  // it may be a view of the same one
}

Slot MemberTable::add(const Membership& heard) {
    Slot slot = 0;
    if (free_.empty()) {
        slot = bound();
        entries_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    MemberEntry& entry = entries_[slot];
    entry = MemberEntry{};
    entry.used = true;
    entry.incarnation = heard.member.incarnation;
    entry.member = book_->acquire(heard.member.id);
    entry.contact = book_->acquire(contact_of(heard.member));
    entry.persistent = heard.member.persistent;
    entry.departed = heard.member.departed;
    entry.health = heard.health;
    if (by_member_.size() <= entry.member) by_member_.resize(book_->bound(), 0);
    by_member_[entry.member] = slot + 1;
    if (counts(entry.health)) enlist(slot, true);
    ++size_;
    return slot;
}

void MemberTable::enlist(Slot slot, bool reachable) {
    MemberEntry& entry = entries_[slot];
    if (reachable) {
        entry.alive_place = static_cast<std::uint32_t>(reachable_.size());
        reachable_.push_back(slot);
        if (entry.kind == PeerKind::stock) ++stock_alive_;
        return;
    }
    const Slot last = reachable_.back();
    reachable_[entry.alive_place] = last;
    entries_[last].alive_place = entry.alive_place;
    reachable_.pop_back();
    if (entry.kind == PeerKind::stock) --stock_alive_;
}

void MemberTable::set_contact(Slot slot, const Contact& contact) {
    MemberEntry& entry = entries_[slot];
    if (book_->contact(entry.contact) == contact) return;
    const ContactNo fresh = book_->acquire(contact);
    book_->release_contact(entry.contact);
    entry.contact = fresh;
}

void MemberTable::set_health(Slot slot, Health health) {
    MemberEntry& entry = entries_[slot];
    const bool before = counts(entry.health);
    entry.health = health;
    if (before != counts(health)) enlist(slot, !before);
}

void MemberTable::set_kind(Slot slot, PeerKind kind) noexcept {
    MemberEntry& entry = entries_[slot];
    if (counts(entry.health)) {
        if (entry.kind == PeerKind::stock) --stock_alive_;
        if (kind == PeerKind::stock) ++stock_alive_;
    }
    entry.kind = kind;
}

void MemberTable::remove(Slot slot) {
    MemberEntry& entry = entries_[slot];
    if (counts(entry.health)) enlist(slot, false);
    by_member_[entry.member] = 0;
    book_->release(entry.member);
    book_->release_contact(entry.contact);
    entry = MemberEntry{};
    keep_proof(slot, {});
    free_.push_back(slot);
    --size_;
}

std::optional<Slot> MemberTable::find(const MemberId& id) const noexcept {
    const auto member = book_->find(id);
    if (!member || *member >= by_member_.size() || by_member_[*member] == 0) return std::nullopt;
    return by_member_[*member] - 1;
}

Membership MemberTable::record(Slot slot) const {
    const MemberEntry& entry = entries_[slot];
    const Contact& where = book_->contact(entry.contact);
    Membership record;
    record.member.id = book_->id(entry.member);
    record.member.incarnation = entry.incarnation;
    record.member.address = where.address;
    record.member.swim_port = where.swim_port;
    record.member.gossip_port = where.gossip_port;
    record.member.persistent = entry.persistent;
    record.member.departed = entry.departed;
    record.health = entry.health;
    if (!proofs_.empty()) {
        if (const auto proof = proofs_.find(slot); proof != proofs_.end())
            record.member.proof = proof->second;
    }
    return record;
}

}  // namespace hab::ring
