// SPDX-License-Identifier: Apache-2.0
// A service group as this supervisor sees it in the ring: what templates, topologies and gateways
// are told of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "ring/member.hpp"

namespace hab::supervisor {

/// Where an election of a group stands; upstream's words.
enum class ElectionState { none, running, no_quorum, finished };
/// "None", "ElectionInProgress", "ElectionNoQuorum", "ElectionFinished".
[[nodiscard]] std::string_view to_string(ElectionState state) noexcept;

struct RingElection {
    ElectionState state = ElectionState::none;
    std::string leader;      ///< member id of the last result; empty: none yet
    std::uint64_t term = 0;  ///< of that result: the fencing token
};

/// One service of one member.
struct RingMember {
    std::string id;
    ring::Health health = ring::Health::alive;
    bool is_me = false;
    bool persistent = false;
    bool initialized = false;
    std::string ident;
    std::uint64_t package_incarnation = 0;
    std::uint64_t incarnation = 0;  ///< of its service rumor
    Value config;                   ///< what it exports; a table, empty if it cannot be read
    std::string ip, hostname, gossip_ip, http_ip, control_ip;
    std::uint16_t gossip_port = 0, http_port = 0, control_port = 0;

    /// Alive, or only suspected not to be.
    [[nodiscard]] bool is_active() const noexcept { return health <= ring::Health::suspect; }
};

/// Never changes.
struct RingGroup {
    std::string name;
    std::vector<RingMember> members;  ///< sorted by id
    RingElection election, update_election;
    std::uint64_t config_version = 0;

    /// Null if it has no such member.
    [[nodiscard]] const RingMember* find(std::string_view id) const noexcept;
    /// The leader, else the first active member; null without any. Its exports are the group's.
    [[nodiscard]] const RingMember* first() const noexcept;
    [[nodiscard]] bool is_active() const noexcept;
};
using RingGroupPtr = std::shared_ptr<const RingGroup>;

}  // namespace hab::supervisor
