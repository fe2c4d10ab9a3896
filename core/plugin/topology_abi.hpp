// SPDX-License-Identifier: Apache-2.0
// A topology's input as C structs, and its decisions as C++ values.
#pragma once

#include <hab/plugin.h>

#include <vector>

#include "plugin/topology.hpp"

namespace hab::plugin {

/// The C form of an input; points into it, so the input must stay where it is.
class RawTopologyInput {
public:
    explicit RawTopologyInput(const TopologyInput& input);
    RawTopologyInput(const RawTopologyInput&) = delete;
    RawTopologyInput& operator=(const RawTopologyInput&) = delete;
    [[nodiscard]] const hab_topology_input* get() const noexcept { return &raw_; }

private:
    hab_topology_service service_;
    hab_topology_election election_;
    hab_topology_election update_election_;
    std::vector<hab_topology_member> members_;
    std::vector<const hab_topology_member*> member_pointers_;
    std::vector<hab_topology_hook> hooks_;
    std::vector<const hab_topology_hook*> hook_pointers_;
    std::vector<hab_topology_response> responses_;
    std::vector<const hab_topology_response*> response_pointers_;
    hab_topology_input raw_;
};

/// The C face of an output: its functions write into a TopologyOutput and refuse nonsense with
/// HAB_STATUS_USAGE, more than 1000 decisions with HAB_STATUS_FAILED.
class RawTopologyOutput {
public:
    explicit RawTopologyOutput(TopologyOutput& output);
    RawTopologyOutput(const RawTopologyOutput&) = delete;
    RawTopologyOutput& operator=(const RawTopologyOutput&) = delete;
    [[nodiscard]] const hab_topology_output* get() const noexcept { return &raw_; }

private:
    hab_topology_output raw_;
};

}  // namespace hab::plugin
