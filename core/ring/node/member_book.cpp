// SPDX-License-Identifier: Apache-2.0
#include "ring/node/member_book.hpp"

namespace hab::ring {

MemberNo MemberBook::acquire(const MemberId& id) {
    if (const auto found = by_id_.find(id); found != by_id_.end()) {
        ++members_[found->second].holders;
        return found->second;
    }
    MemberNo number = 0;
    if (free_members_.empty()) {
        number = static_cast<MemberNo>(members_.size());
        members_.emplace_back();
    } else {
        number = free_members_.back();
        free_members_.pop_back();
    }
    members_[number] = {id, 1};
    by_id_.emplace(id, number);
    return number;
}

void MemberBook::release(MemberNo member) noexcept {
    if (--members_[member].holders != 0) return;
    by_id_.erase(members_[member].id);
    free_members_.push_back(member);
}

std::optional<MemberNo> MemberBook::find(const MemberId& id) const noexcept {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return std::nullopt;
    return found->second;
}

ContactNo MemberBook::acquire(const Contact& contact) {
    if (const auto found = by_contact_.find(contact); found != by_contact_.end()) {
        ++contacts_[found->second].holders;
        return found->second;
    }
    ContactNo number = 0;
    if (free_contacts_.empty()) {
        number = static_cast<ContactNo>(contacts_.size());
        contacts_.emplace_back();
    } else {
        number = free_contacts_.back();
        free_contacts_.pop_back();
    }
    contacts_[number] = {contact, 1};
    by_contact_.emplace(contact, number);
    return number;
}

void MemberBook::release_contact(ContactNo contact) noexcept {
    if (--contacts_[contact].holders != 0) return;
    by_contact_.erase(contacts_[contact].contact);
    free_contacts_.push_back(contact);
}

}  // namespace hab::ring
