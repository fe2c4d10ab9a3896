// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ring/member.hpp"
#include "ring/node/member_book.hpp"
#include "ring/node/random.hpp"
#include "ring/node/time.hpp"

namespace hab::ring {

/// Place of a member in its node's table; stays while the member is known.
using Slot = std::uint32_t;

/// How a member behaves, learned only from datagrams that it sent itself.
enum class PeerKind : std::uint8_t { unknown, own, stock };

/// What a node believes of one other member. 24 bytes: there are N of them in each of N nodes of a
/// simulation.
struct MemberEntry {
    std::uint64_t incarnation = 0;
    MemberNo member = 0;
    ContactNo contact = 0;
    std::uint32_t alive_place =
        0;  ///< in the list of those that are alive; maintained by the table
    Health health = Health::alive;
    PeerKind kind = PeerKind::unknown;
    bool persistent : 1 = false;
    bool departed : 1 = false;
    bool used : 1 = false;
};

/// What merge() did.
struct MemberMerge {
    Slot slot = 0;
    bool accepted = false;
    bool added = false;
    Health before = Health::departed;  ///< meaningless when added
    std::uint64_t before_incarnation = 0;
};

/// The members that a node knows, itself not among them. Holds numbers of the book, which must
/// outlive it.
class MemberTable {
public:
    explicit MemberTable(MemberBook& book) noexcept : book_(&book) {}
    ~MemberTable();
    MemberTable(const MemberTable&) = delete;
    MemberTable& operator=(const MemberTable&) = delete;
    MemberTable(MemberTable&&) = delete;
    MemberTable& operator=(MemberTable&&) = delete;

    /// Applies what was heard by the rule of supersedes(). A record without a usable address is
    /// never accepted for an unknown member, and never replaces an address.
    MemberMerge merge(const Membership& heard);
    /// Another address at the same incarnation, told by the member itself.
    void set_contact(Slot slot, const Contact& contact);
    void set_health(Slot slot, Health health);
    void set_kind(Slot slot, PeerKind kind) noexcept;
    void remove(Slot slot);

    [[nodiscard]] std::optional<Slot> find(const MemberId& id) const noexcept;
    [[nodiscard]] const MemberEntry& at(Slot slot) const noexcept { return entries_[slot]; }
    [[nodiscard]] const MemberId& id(Slot slot) const noexcept {
        return book_->id(entries_[slot].member);
    }
    [[nodiscard]] const Contact& contact(Slot slot) const noexcept {
        return book_->contact(entries_[slot].contact);
    }
    /// Its proof, in a strict ring, is a view that lasts until the member's next change.
    [[nodiscard]] Membership record(Slot slot) const;

    /// Members known in any health.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Alive and suspect members, in an order that means nothing.
    [[nodiscard]] const std::vector<Slot>& reachable() const noexcept { return reachable_; }
    [[nodiscard]] std::size_t stock_alive() const noexcept { return stock_alive_; }
    /// One above the largest slot; entries with `used` unset are holes.
    [[nodiscard]] Slot bound() const noexcept { return static_cast<Slot>(entries_.size()); }
    [[nodiscard]] bool used(Slot slot) const noexcept {
        return slot < entries_.size() && entries_[slot].used;
    }

private:
    [[nodiscard]] static bool counts(Health health) noexcept { return health <= Health::suspect; }
    Slot add(const Membership& heard);
    void enlist(Slot slot, bool reachable);
    void keep_proof(Slot slot, std::string_view proof);

    MemberBook* book_;
    std::vector<MemberEntry> entries_;
    std::vector<Slot> free_;
    std::vector<Slot> by_member_;  // slot + 1 by MemberNo; 0: not known
    std::vector<Slot> reachable_;
    std::map<Slot, std::string> proofs_;  // of members of a strict ring
    std::size_t size_ = 0;
    std::size_t stock_alive_ = 0;
};

}  // namespace hab::ring
