// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/services.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ring/codec/codec.hpp"

namespace hab::ring::sim {

std::string Services::exports(NodeIndex node) const {
    const Options& options = simulation_.options();
    if (!options.plan) return std::string(options.config_bytes, '#');
    const PlanBind* const bind = options.bind_of(node);
    if (bind == nullptr) return options.plan->exports;
    std::string text;
    for (const std::string& key : bind->keys)
        text += fmt::format("{} = \"{} of node {}\"\n", key, key, node);
    return text;
}

std::string Services::service(NodeIndex node, std::uint64_t incarnation, bool up) const {
    const Machine& machine = simulation_.machines()[node];
    const std::string group = simulation_.options().group_of(node);
    const std::string host = fmt::format("node-{}", node);
    const std::string ip = Simulation::endpoint_of(node).ip.to_string();
    const std::string config = exports(node);
    const std::string from = machine.id.to_string();
    ServiceRumor body;
    body.member = machine.id;
    body.group = group;
    body.incarnation = incarnation;
    const auto& plan = simulation_.options().plan;
    if (plan && simulation_.options().bind_of(node) == nullptr) {
        body.ident = plan->ident;
    } else {
        body.ident = "core/app/1.0.0/20240101000000";
    }
    body.initialized = up;
    body.config = config;
    body.system.ip = ip;
    body.system.hostname = host;
    body.system.gossip_ip = "0.0.0.0";
    body.system.gossip_port = 9638;
    body.system.http_ip = "0.0.0.0";
    body.system.http_port = 9631;
    body.system.control_ip = "127.0.0.1";
    body.system.control_port = 9632;
    Rumor rumor;
    rumor.kind = RumorKind::service;
    rumor.from = from;
    rumor.body = body;
    return encoded(rumor);
}

void Services::declare(NodeIndex node, bool up) {
    Machine& machine = simulation_.machines()[node];
    std::uint64_t incarnation = 1;
    if (RingNode* ring = machine.actor->ring()) {
        const RumorKey key{
            RumorKind::service, simulation_.options().group_of(node), machine.id, {}};
        if (const HeldRumor* held = ring->rumors().find(key)) incarnation = held->version + 1;
    } else {
        incarnation = machine.life;
    }
    const std::string bytes = service(node, incarnation, up);
    simulation_.command(node, Inject{bytes});
}

void Services::declare() {
    for (NodeIndex node = 0; node < simulation_.machines().size(); ++node)
        declare(node, false);
}

void Services::initialized(NodeIndex node) {
    declare(node, true);
}

bool Services::elects(NodeIndex node) const {
    return simulation_.options().elects(node) && !simulation_.machines()[node].stock;
}

void Services::start_elections() {
    elections_ = true;
    for (NodeIndex node = 0; node < simulation_.machines().size(); ++node) {
        if (!elects(node)) continue;
        const std::string group = simulation_.options().group_of(node);
        simulation_.command(node, StartElection{RumorKind::election, group, 0});
    }
}

void Services::started(NodeIndex node, bool) {
    declare(node, false);
    if (!elections_ || !elects(node)) return;
    const std::string group = simulation_.options().group_of(node);
    simulation_.command(node, StartElection{RumorKind::election, group, 0});
}

void Services::change_config() {
    const std::string text = fmt::format("number = {}\n", ++config_);
    const std::string group = simulation_.options().group_of(0);
    Rumor rumor;
    rumor.kind = RumorKind::service_config;
    rumor.from = client_injector;
    rumor.body = ConfigRumor{group, config_, false, text};
    const std::string bytes = encoded(rumor);
    simulation_.command(0, Inject{bytes});
}

std::optional<std::string> Services::missing() {
    const auto& machines = simulation_.machines();
    for (NodeIndex node = 0; node < machines.size(); ++node) {
        if (machines[node].actor == nullptr) continue;
        for (NodeIndex other = 0; other < machines.size(); ++other) {
            if (machines[other].actor == nullptr) continue;
            const RumorKey key{
                RumorKind::service, simulation_.options().group_of(other), machines[other].id, {}};
            if (!machines[node].actor->has(key, 1))
                return fmt::format("node {} does not know the service of {}", node, other);
        }
        const RumorKey key{RumorKind::service_config, simulation_.options().group_of(0), {}, {}};
        if (config_ != 0 && !machines[node].actor->has(key, config_))
            return fmt::format("node {} does not have configuration {}", node, config_);
    }
    return std::nullopt;
}

std::optional<std::string> Services::leaderless() {
    const std::string group = simulation_.options().group_of(0);
    auto& machines = simulation_.machines();
    // The population as the first live voter knows it; all agree when this is asked.
    std::optional<Election> agreed;
    for (NodeIndex node = 0; node < machines.size(); ++node) {
        if (machines[node].actor == nullptr || !elects(node)) continue;
        RingNode& ring = *machines[node].actor->ring();
        // Who lost its state and met nobody since is right not to lead or follow.
        if (!ring.acquainted()) continue;
        const auto census = ring.census(group);
        if (census == nullptr) return fmt::format("node {} has no census of {}", node, group);
        const auto counts = [&](Health worst) {
            return std::count_if(
                census->members.begin(), census->members.end(),
                [&](const CensusMember& member) { return member.health <= worst; });
        };
        if (2 * counts(Health::suspect) <= counts(Health::confirmed)) return std::nullopt;
        const Election* election = ring.election(RumorKind::election, group);
        if (election == nullptr || election->status != ElectionStatus::finished)
            return fmt::format("node {} knows no leader of {}", node, group);
        if (agreed && agreed->candidate != election->candidate)
            return fmt::format("node {} knows another leader of {}", node, group);
        agreed = *election;
        const bool lives = std::any_of(machines.begin(), machines.end(), [&](const Machine& one) {
            return one.actor != nullptr && one.id == election->candidate;
        });
        if (!lives) return fmt::format("node {} follows a leader that is gone", node);
    }
    return std::nullopt;
}

}  // namespace hab::ring::sim
