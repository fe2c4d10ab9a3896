// SPDX-License-Identifier: Apache-2.0
#include "supervisor/topology_driver.hpp"

#include <hab/abi/topology.h>

#include <algorithm>

namespace hab::supervisor {
namespace {

std::uint32_t process_state(ServicePhase phase) {
    switch (phase) {
        case ServicePhase::initializing:
        case ServicePhase::starting:
        case ServicePhase::up:
            return HAB_PROCESS_UP;
        case ServicePhase::draining:
        case ServicePhase::stopping:
        case ServicePhase::post_stop:
            return HAB_PROCESS_STOPPING;
        default:
            return HAB_PROCESS_DOWN;
    }
}

std::uint32_t health_value(Health health) {
    switch (health) {
        case Health::ok:
            return HAB_HEALTH_OK;
        case Health::warning:
            return HAB_HEALTH_WARNING;
        case Health::critical:
            return HAB_HEALTH_CRITICAL;
        case Health::unknown:
            break;
    }
    return HAB_HEALTH_UNKNOWN;
}

std::uint32_t flags_of(const ServiceMachine& machine, const TopologyView& view) {
    std::uint32_t flags = 0;
    const auto set = [&](bool on, std::uint32_t flag) { flags |= on ? flag : 0; };
    set(view.desired_up, HAB_SERVICE_DESIRED_UP);
    set(view.shutting_down, HAB_SERVICE_SHUTTING_DOWN);
    set(view.binds_ready, HAB_SERVICE_BINDS_READY);
    set(machine.initialized(), HAB_SERVICE_INITIALIZED);
    // A change is shown once the process is there to be told; until then it only waits.
    set(machine.changed() && machine.phase() == ServicePhase::up, HAB_SERVICE_CONFIG_CHANGED);
    set(machine.reconfigurable(), HAB_SERVICE_RECONFIGURABLE);
    return flags;
}

}  // namespace

std::uint64_t topology_ms(SteadyTime time) noexcept {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(1, ms));
}

plugin::TopologyOutput TopologyDriver::step(const ServiceMachine& machine, const TopologyView& view,
                                            SteadyTime now) {
    plugin::TopologyInput input;
    input.now_ms = topology_ms(now);
    input.state = state_;
    input.service.flags = flags_of(machine, view);
    input.service.process_state = process_state(machine.phase());
    input.service.health = health_value(view.health);
    input.service.group = view.group;
    input.service.ident = view.ident;
    input.service.state_since_ms = topology_ms(view.state_since);
    if (machine.restart_after())
        input.service.restart_after_ms = topology_ms(*machine.restart_after());
    input.service.restarts = machine.restarts();
    plugin::TopologyMember me;
    me.id = view.member_id;
    me.health = HAB_MEMBER_ALIVE;
    me.flags = HAB_MEMBER_ME | (machine.initialized() ? HAB_MEMBER_INITIALIZED : 0u);
    me.address = view.address;
    me.ident = view.ident;
    input.members.push_back(std::move(me));
    input.hooks = view.hooks;
    input.fencing_term = fencing_term_;
    auto output = topology_.step(input);
    if (output.state) state_ = *output.state;
    if (output.role) fencing_term_ = std::max(fencing_term_, output.role->term);
    return output;
}

}  // namespace hab::supervisor
