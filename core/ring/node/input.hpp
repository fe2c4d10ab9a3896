// SPDX-License-Identifier: Apache-2.0
// Everything that can happen to a RingNode. Views are borrowed for the step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "ring/address.hpp"
#include "ring/node/state_record.hpp"
#include "ring/rumor.hpp"

namespace hab::ring {

/// The payload of a Wire that arrived by UDP: opened, but not yet looked at.
struct Datagram {
    Endpoint from;
    std::string_view bytes;
};

/// The payload of a Wire that arrived on a gossip connection.
struct StreamMessage {
    Endpoint from;
    std::string_view bytes;
};

/// How a SendStream ended. `sent` of its messages, in order, were handed to the connection.
struct StreamResult {
    std::uint64_t stream = 0;
    std::size_t sent = 0;
    bool ok = false;
};

/// next_wake() has come. Early or needless ones do no harm.
struct Wake {};

/// What the disk remembers; before anything else, at most once.
struct Restore {
    std::span<const StateRecord> records;
};

/// An address to join the ring through.
struct AddPeer {
    Endpoint swim;
};

/// A rumor made on this node: an encoded Rumor of any kind but member and election.
struct Inject {
    std::string_view bytes;
};

/// Take part in the election of a group that this node has a service in. Again with another
/// suitability: counts from the next term on.
struct StartElection {
    RumorKind kind = RumorKind::election;  ///< or election_update
    std::string_view group;
    std::uint64_t suitability = 0;
};

struct StopElection {
    RumorKind kind = RumorKind::election;
    std::string_view group;
};

/// A clean stop: tell some members. Nothing else is done afterwards.
struct Leave {};

using Input = std::variant<Wake, Datagram, StreamMessage, StreamResult, Restore, AddPeer, Inject,
                           StartElection, StopElection, Leave>;

}  // namespace hab::ring
