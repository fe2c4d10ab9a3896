// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "ring/node/core.hpp"

namespace hab::ring {

/// Makes datagrams: this node's own record, what the target must know about itself, as much news as
/// fits, and for peers of ours the extension. The one place that decides what a peer may be sent
/// (docs/formats/ring-protocol.md, "never send").
class Composer {
public:
    explicit Composer(Core& core) : core_(core) {}

    struct Reach {
        Endpoint to;
        std::optional<Slot> slot;    ///< of the receiver, if it is a known member
        std::uint64_t sequence = 0;  ///< of a PING or PINGREQ: what the ACK shall echo
        std::uint64_t echo = 0;      ///< of an ACK
    };
    /// This node as it describes itself: without an address, which the receiver sees; in a strict
    /// ring with its own, and a proof.
    [[nodiscard]] Member self();

    void ping(const Reach& reach, const std::optional<Member>& for_whom = {});
    void ack(const Reach& reach, const std::optional<Member>& for_whom);
    void ping_req(const Reach& reach, const Member& target);
    /// An ACK nobody asked for, which stock receivers and ours take as news alone. Sends nothing,
    /// and returns false, when there is none for this receiver.
    bool news(const Reach& reach);

private:
    void begin(SwimKind kind);
    /// Returns whether anything but this node's own record is told.
    bool fill(const Reach& reach, std::size_t used);
    void finish(const Reach& reach);
    bool fill_members(bool own, std::size_t& room);
    bool fill_extension(const Reach& reach, bool own, std::size_t& room);

    Core& core_;
    Swim swim_;      // its vectors keep their memory
    Member proven_;  // what `proof_` is for
    std::string proof_;
};

/// Upper bound of what a member's record takes in a datagram.
[[nodiscard]] std::size_t record_size(const Member& member) noexcept;

}  // namespace hab::ring
