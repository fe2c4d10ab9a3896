// SPDX-License-Identifier: Apache-2.0
// Messages of the failure detector (one per datagram). docs/formats/ring-protocol.md.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ring/member.hpp"

namespace hab::ring {

/// Numbers of the wire.
enum class SwimKind : std::uint8_t { ping = 1, ack = 2, ping_req = 3, probe_ping = 4 };

/// What a node of ours can do beyond stock, as bits of SwimExtension::abilities. Known only from
/// datagrams that the node itself sent; bits that are not known here are kept and mean nothing.
namespace ability {
inline constexpr std::uint64_t own_messages = 1u << 0;  ///< understands OwnMessage on the stream
inline constexpr std::uint64_t ipv6 = 1u << 1;          ///< may be told of members with IPv6
inline constexpr std::uint64_t sequences = 1u << 2;     ///< returns `sequence` and `echo`
inline constexpr std::uint64_t fenced_elections = 1u << 3;  ///< terms never go back
inline constexpr std::uint64_t strict = 1u << 4;            ///< signs what it says
}  // namespace ability

/// "`accuser` itself could not reach `member` at that incarnation": what lets a receiver count
/// independent suspicions, which the stock record cannot tell from copies of one.
struct Accusation {
    MemberId member;
    std::uint64_t incarnation = 0;
    MemberId accuser;
    auto operator<=>(const Accusation&) const = default;
};

/// What nodes of ours add to a Swim message in an unknown field (number 1000): stock nodes skip it.
/// One that cannot be read counts as absent and never refuses the datagram.
struct SwimExtension {
    std::uint64_t abilities = 0;
    std::uint64_t sequence = 0;         ///< of a PING or PINGREQ: what the ACK shall echo; 0: none
    std::uint64_t echo = 0;             ///< of an ACK: the sequence it answers; 0: none
    MemberId to;                        ///< whom the sender believes to reach; nobody: unknown
    IpAddress advertised;               ///< where to reach the sender instead of the source address
    std::uint16_t advertised_port = 0;  ///< its swim port seen from outside; 0: as in `from`
    std::uint64_t state = 0;            ///< hash over all that the sender knows; 0: not said
    std::vector<Accusation> accusations;
    /// In a strict ring: the accusers' proofs, one for each accusation; else none.
    std::vector<std::string_view> accusation_proofs = {};
    std::vector<std::string_view> rumors;  ///< encoded Rumor messages small enough to ride along
    bool operator==(const SwimExtension&) const = default;
};

/// One datagram. Which of the members count depends on the kind:
///   ping, ack    from, forward_to (optional: the requester on whose behalf)
///   ping_req     from, target
///   probe_ping   from (with probe_ping set); no membership
struct Swim {
    SwimKind kind = SwimKind::ping;
    Member from;
    std::optional<Member> forward_to;
    std::optional<Member> target;
    std::vector<Membership> membership;  ///< piggyback
    std::optional<SwimExtension> extension;
    bool operator==(const Swim&) const = default;
};

/// Stock receivers cut datagrams off here, wrapper and encryption included.
inline constexpr std::size_t max_datagram = 1024;

}  // namespace hab::ring
