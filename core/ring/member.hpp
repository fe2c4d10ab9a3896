// SPDX-License-Identifier: Apache-2.0
// What the ring says about a member. docs/formats/ring-protocol.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "ring/address.hpp"
#include "ring/member_id.hpp"

namespace hab::ring {

/// Ordered from well to gone; the numbers are those of the wire.
enum class Health : std::uint8_t { alive = 1, suspect = 2, confirmed = 3, departed = 4 };

/// "alive", "suspect", "confirmed", "departed".
[[nodiscard]] std::string_view to_string(Health health) noexcept;

struct Member {
    MemberId id;
    std::uint64_t incarnation = 0;  ///< raised by the member itself alone
    IpAddress address;              ///< none when a member describes itself to its peer
    std::uint16_t swim_port = 0;
    std::uint16_t gossip_port = 0;
    bool persistent = false;  ///< a permanent peer: probed for ever
    bool departed = false;    ///< said by a member that is shutting down
    bool probe_ping = false;  ///< only in the `from` of a PROBEPING
    /// In a strict ring: key and signature of the member itself over all of the above. A view of the
    /// message it came in, or into the table it came from; else empty.
    std::string_view proof = {};

    [[nodiscard]] Endpoint swim() const noexcept { return {address, swim_port}; }
    [[nodiscard]] Endpoint gossip() const noexcept { return {address, gossip_port}; }
    bool operator==(const Member&) const = default;
};

/// A member and what is believed of it.
struct Membership {
    Member member;
    Health health = Health::alive;
    bool operator==(const Membership&) const = default;
};

/// Whether a stock supervisor survives hearing of this member: its address is a usable IPv4 one and
/// its ports are not 0. (A stock prober aborts at an entry that it cannot make into an address.)
[[nodiscard]] bool safe_for_stock(const Member& member) noexcept;

}  // namespace hab::ring
