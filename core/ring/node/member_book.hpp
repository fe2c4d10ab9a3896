// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "ring/address.hpp"
#include "ring/node/hash.hpp"

namespace hab::ring {

/// Small names for a member and for where it is reached. Numbers are reused once nobody holds them,
/// and depend on who came first: nothing is ever ordered by them.
using MemberNo = std::uint32_t;
using ContactNo = std::uint32_t;

struct Contact {
    IpAddress address;
    std::uint16_t swim_port = 0;
    std::uint16_t gossip_port = 0;
    auto operator<=>(const Contact&) const = default;
};

/// Member ids and addresses, each kept once and counted. A node has its own; the nodes of a
/// simulation share one, which is what lets ten thousand of them know each other in memory.
class MemberBook {
public:
    /// The member's number, with one more holder.
    [[nodiscard]] MemberNo acquire(const MemberId& id);
    void release(MemberNo member) noexcept;
    /// The number of a member that somebody holds.
    [[nodiscard]] std::optional<MemberNo> find(const MemberId& id) const noexcept;
    [[nodiscard]] const MemberId& id(MemberNo member) const noexcept { return members_[member].id; }

    [[nodiscard]] ContactNo acquire(const Contact& contact);
    void release_contact(ContactNo contact) noexcept;
    [[nodiscard]] const Contact& contact(ContactNo contact) const noexcept {
        return contacts_[contact].contact;
    }

    /// One above the largest number ever given.
    [[nodiscard]] std::size_t bound() const noexcept { return members_.size(); }

private:
    struct MemberLine {
        MemberId id;
        std::uint32_t holders = 0;
    };
    struct ContactLine {
        Contact contact;
        std::uint32_t holders = 0;
    };
    std::vector<MemberLine> members_;
    std::vector<MemberNo> free_members_;
    std::unordered_map<MemberId, MemberNo, MemberIdHash> by_id_;  // looked up, never iterated
    std::vector<ContactLine> contacts_;
    std::vector<ContactNo> free_contacts_;
    std::map<Contact, ContactNo> by_contact_;
};

}  // namespace hab::ring
