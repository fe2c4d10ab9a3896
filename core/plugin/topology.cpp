// SPDX-License-Identifier: Apache-2.0
#include "plugin/topology.hpp"

#include <hab/plugin.h>

#include "plugin/instance.hpp"
#include "plugin/topology_abi.hpp"

namespace hab::plugin {

Topology::Topology(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {
    if (!offers(instance_->api<hab_topology_api>(), &hab_topology_api::step)) {
        instance_->lacks("be used as a topology: it has no step function");
    }
}

const PluginMeta& Topology::meta() const noexcept {
    return instance_->meta();
}

std::uint32_t Topology::min_members() const {
    const auto* api = instance_->api<hab_topology_api>();
    if (!offers(api, &hab_topology_api::min_members)) return 1;
    const auto guard = instance_->lock();
    return api->min_members(instance_->self());
}

TopologyOutput Topology::step(const TopologyInput& input) const {
    const RawTopologyInput raw_input(input);
    TopologyOutput output;
    const RawTopologyOutput raw_output(output);
    instance_->call([&](hab_error* error) {
        return instance_->api<hab_topology_api>()->step(instance_->self(), raw_input.get(),
                                                        raw_output.get(), error);
    });
    return output;
}

std::string Topology::describe(std::string_view state) const {
    const auto* api = instance_->api<hab_topology_api>();
    if (!offers(api, &hab_topology_api::describe)) return "{}";
    TextSink json;
    instance_->call([&](hab_error* error) {
        return api->describe(instance_->self(), to_abi(state), json.abi(), error);
    });
    return std::move(json.text());
}

}  // namespace hab::plugin
