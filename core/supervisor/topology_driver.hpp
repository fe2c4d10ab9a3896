// SPDX-License-Identifier: Apache-2.0
// One service's topology: shows it the service, keeps its state between steps.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugin/topology.hpp"
#include "supervisor/service_machine.hpp"

namespace hab::supervisor {

/// What a step may look at, beyond the machine itself.
struct TopologyView {
    std::string group;
    std::string ident;
    std::string member_id;
    std::string address;
    bool desired_up = false;
    bool shutting_down = false;
    bool binds_ready = false;
    Health health = Health::unknown;
    SteadyTime state_since{};
    std::vector<plugin::TopologyHook> hooks;
};

class TopologyDriver {
public:
    explicit TopologyDriver(plugin::Topology topology) : topology_(std::move(topology)) {}

    /// One step; throws what the plugin throws.
    [[nodiscard]] plugin::TopologyOutput step(const ServiceMachine& machine,
                                              const TopologyView& view, SteadyTime now);

private:
    plugin::Topology topology_;
    std::string state_;
    std::uint64_t fencing_term_ = 0;
};

/// Milliseconds on the clock that topologies see; never 0, which means "no time".
[[nodiscard]] std::uint64_t topology_ms(SteadyTime time) noexcept;

}  // namespace hab::supervisor
