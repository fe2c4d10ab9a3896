// SPDX-License-Identifier: Apache-2.0
// Everything that a RingNode can want. Whoever steps it does these in order: what is said on the net
// may rest on what was persisted just before.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ring/address.hpp"
#include "ring/member.hpp"
#include "ring/node/state_record.hpp"
#include "ring/rumor.hpp"

namespace hab::ring {

/// An encoded Swim, to be wrapped, sealed and sent. Loss is expected.
struct SendDatagram {
    Endpoint to;
    std::string bytes;
};

/// Messages for a peer's gossip port in order, each an encoded Rumor or OwnMessage to be wrapped and
/// sealed. Ends with one StreamResult.
struct SendStream {
    std::uint64_t stream = 0;  ///< number of this order, for its StreamResult
    MemberId peer;
    Endpoint to;
    std::vector<std::string> messages;
};

/// `sync`: on disk before the outputs that follow are done; otherwise soon.
struct Persist {
    StateRecord record;
    bool sync = false;
};

enum class EventKind : std::uint8_t {
    member_changed,  ///< member, health, number: incarnation
    census_changed,  ///< group: its census() is another; said once until it is read
    leader_changed,  ///< group, rumor, member (nobody: none), number: term, the fencing token
    self_departed,   ///< an operator departed this node: it must stop for good
    refused,         ///< a message from the net was dropped; text says why
};

struct Event {
    EventKind kind = EventKind::member_changed;
    MemberId member = {};
    Health health = Health::alive;
    RumorKind rumor = RumorKind::election;
    std::uint64_t number = 0;
    std::string group = {};
    std::string_view text = {};  ///< static
};

using Output = std::variant<SendDatagram, SendStream, Persist, Event>;
using Outputs = std::vector<Output>;

}  // namespace hab::ring
