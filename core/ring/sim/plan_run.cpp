// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/plan_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace hab::ring::sim {

void PlanRun::look() {
    news_.clear();
    for (NodeIndex node = 0; node < seen_.size(); ++node)
        look(node);
    for (const auto& [what, whom] : news_) {
        if (on_news)
            on_news(fmt::format("node{} {}: {}", whom.size() == 1 ? "" : "s", fmt::join(whom, " "),
                                what));
    }
}

void PlanRun::look(NodeIndex node) {
    const Machine& machine = simulation_.machines()[node];
    Seen& seen = seen_[node];
    if (machine.actor == nullptr || simulation_.options().bind_of(node)) return;
    if (seen.life != machine.life) {
        seen = Seen{};
        seen.life = machine.life;
    }
    RingNode& ring = *machine.actor->ring();
    if (seen.up) {
        follow_binds(node, ring, seen);
    } else {
        start(node, ring, seen);
    }
    if (seen.up) follow_group(node, ring, seen);
}

std::size_t PlanRun::providers(RingNode& ring, const PlanBind& bind) const {
    const auto group = ring.census(Options::stand_in_group(bind));
    if (group == nullptr) return 0;
    return static_cast<std::size_t>(
        std::count_if(group->members.begin(), group->members.end(),
                      [](const CensusMember& member) { return member.health <= Health::suspect; }));
}

void PlanRun::start(NodeIndex node, RingNode& ring, Seen& seen) {
    seen.providers.clear();
    for (const PlanBind& bind : plan().binds) {
        seen.providers.push_back(providers(ring, bind));
        if (seen.providers.back() != 0 || !bind.required) continue;
        if (seen.waits != bind.name) tell(node, fmt::format("waits for its bind {}", bind.name));
        seen.waits = bind.name;
        return;
    }
    seen.up = true;
    services_.initialized(node);
    std::string text = "init and run, as stubs";
    for (std::size_t i = 0; i < plan().binds.size(); ++i)
        text += fmt::format("; bind {}: {}", plan().binds[i].name, seen.providers[i]);
    tell(node, text);
}

void PlanRun::follow_binds(NodeIndex node, RingNode& ring, Seen& seen) {
    for (std::size_t i = 0; i < plan().binds.size(); ++i) {
        const std::size_t now = providers(ring, plan().binds[i]);
        if (now == seen.providers[i]) continue;
        tell(node, fmt::format("bind {} has {} members, not {}: templates, reconfigure",
                               plan().binds[i].name, now, seen.providers[i]));
        seen.providers[i] = now;
    }
}

void PlanRun::follow_group(NodeIndex node, RingNode& ring, Seen& seen) {
    const auto group = ring.census(simulation_.options().group_of(node));
    if (group == nullptr) return;
    if (group->config_incarnation != seen.config) {
        seen.config = group->config_incarnation;
        tell(node, fmt::format("configuration {}: templates, reconfigure", seen.config));
    }
    if (group->leader == seen.leader && group->leader_term == seen.term) return;
    seen.leader = group->leader;
    seen.term = group->leader_term;
    tell(node,
         fmt::format("{} leads, term {}: templates, reconfigure", name_of(seen.leader), seen.term));
}

std::optional<std::string> PlanRun::unsettled() const {
    const auto& machines = simulation_.machines();
    const bool possible =
        std::all_of(plan().binds.begin(), plan().binds.end(),
                    [&](const PlanBind& bind) { return !bind.required || stand_in_lives(bind); });
    for (NodeIndex node = 0; node < seen_.size(); ++node) {
        if (machines[node].actor == nullptr || simulation_.options().bind_of(node)) continue;
        const Seen& seen = seen_[node];
        if (!seen.up && !possible) continue;
        if (!seen.up) return fmt::format("the service of node {} does not start", node);
        if (seen.config != services_.config())
            return fmt::format("the service of node {} runs with configuration {}, not {}", node,
                               seen.config, services_.config());
    }
    return std::nullopt;
}

bool PlanRun::stand_in_lives(const PlanBind& bind) const {
    const auto& machines = simulation_.machines();
    for (NodeIndex node = 0; node < machines.size(); ++node) {
        const PlanBind* const stands_for = simulation_.options().bind_of(node);
        if (stands_for != nullptr && stands_for->name == bind.name &&
            machines[node].actor != nullptr)
            return true;
    }
    return false;
}

void PlanRun::tell(NodeIndex node, const std::string& what) {
    const auto found = std::find_if(news_.begin(), news_.end(),
                                    [&](const auto& news) { return news.first == what; });
    if (found != news_.end()) {
        found->second.push_back(node);
    } else {
        news_.push_back({what, {node}});
    }
}

std::string PlanRun::name_of(const MemberId& id) const {
    const auto& machines = simulation_.machines();
    for (NodeIndex node = 0; node < machines.size(); ++node)
        if (machines[node].id == id) return fmt::format("node {}", node);
    return id.to_string();
}

}  // namespace hab::ring::sim
