// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ring/node/tuning.hpp"
#include "ring/sim/plan.hpp"

namespace hab::ring::sim {

/// What can go wrong. Each run draws how often and how badly from its seed.
enum class Fault : std::uint8_t {
    loss,       ///< datagrams vanish
    delay,      ///< a tail of late datagrams, which also reorders them
    duplicate,  ///< datagrams arrive twice
    corrupt,    ///< datagrams arrive cut short or as garbage
    cut,        ///< one direction between two machines is dead
    partition,  ///< the ring falls into two parts that do not hear each other
    slow,       ///< a machine stands still for 1 to 30 s, its datagrams waiting
    clock,      ///< clocks run up to 500 ppm apart and jump forward
    crash,      ///< a machine dies with its writes of the last moments, and starts again
    stale,      ///< it starts again with an older state
    reuse,      ///< a new member starts under the address of a dead one, or two change addresses
    key,        ///< a machine has another ring key for a while
    leave,      ///< a member stops cleanly and starts again later
    forge,      ///< somebody with the ring's key replays, forges and downgrades (strict rings only)
    depart,     ///< an operator sends a member away for good, and another takes its address
    expiry,     ///< lost members are given up and forgotten after seconds instead of days
    ipv6,       ///< some members of ours are known to each other by IPv6 addresses
};
inline constexpr std::size_t fault_count = 17;

[[nodiscard]] std::string_view to_string(Fault fault) noexcept;

/// A set of faults.
class Faults {
public:
    [[nodiscard]] bool has(Fault fault) const noexcept {
        return (bits_ >> static_cast<unsigned>(fault) & 1) != 0;
    }
    Faults& add(Fault fault) noexcept {
        bits_ |= 1u << static_cast<unsigned>(fault);
        return *this;
    }
    [[nodiscard]] static Faults all() noexcept {
        Faults faults;
        faults.bits_ = (1u << fault_count) - 1;
        return faults;
    }
    /// "all", "none", or names joined by commas. Throws Error(usage) for a name that is none.
    [[nodiscard]] static Faults parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] std::uint32_t bits() const noexcept { return bits_; }

private:
    std::uint32_t bits_ = 0;
};

struct Options {
    std::uint64_t seed = 1;
    std::size_t nodes = 5;
    /// How many of them behave as stock supervisors do.
    std::size_t stock = 0;
    /// All sign what they say, and believe nothing that is not signed. Not with stock or preloaded.
    bool strict = false;
    Time duration = seconds(60);  ///< with faults, from the moment that all know each other
    Faults faults;
    /// Uniform loss of datagrams besides the faults, 0..1.
    double loss = 0;
    std::size_t services = 1;  ///< per node; the first node's group elects a leader
    std::size_t group = 5;     ///< members of that group
    std::size_t config_bytes = 200;
    /// All nodes know each other from the start, as if restored; else they join through the first.
    bool preloaded = false;
    /// Disks are kept, messages and states are checked. Large measurements do without.
    bool checked = true;
    Tuning tuning = {};
    /// All run this plan's service, but for the last ones, which stand in for the services that it
    /// binds to. Not with stock.
    std::optional<Plan> plan = {};

    /// The service group of a node.
    [[nodiscard]] std::string group_of(std::uint32_t node) const;
    /// The bind that the node stands in for; none if it runs the plan, or there is no plan.
    [[nodiscard]] const PlanBind* bind_of(std::uint32_t node) const noexcept;
    /// Whether the node's group elects a leader.
    [[nodiscard]] bool elects(std::uint32_t node) const noexcept {
        return plan ? bind_of(node) == nullptr : node < group;
    }
    [[nodiscard]] static std::string stand_in_group(const PlanBind& bind);
};

}  // namespace hab::ring::sim
