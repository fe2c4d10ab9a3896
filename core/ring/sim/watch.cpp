// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/watch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ring/codec/codec.hpp"

namespace hab::ring::sim {

Watch::Watch(Simulation& simulation) : simulation_(simulation) {
    simulation_.on_event = [this](NodeIndex node, const Event& happened) { event(node, happened); };
    simulation_.on_datagram = [this](NodeIndex from, NodeIndex to, std::string_view bytes) {
        datagram(from, to, bytes);
    };
}

void Watch::violation(std::string text) {
    constexpr std::size_t most = 20;
    if (violations_.size() < most)
        violations_.push_back(
            fmt::format("at {:.3f} s: {}", static_cast<double>(simulation_.now()) / 1e6, text));
}

void Watch::event(NodeIndex node, const Event& event) {
    switch (event.kind) {
        case EventKind::member_changed:
            return member_changed(node, event);
        case EventKind::leader_changed:
            return leader_changed(node, event);
        case EventKind::refused:
            return refused(event);
        case EventKind::self_departed:
            if (!departed_.contains(event.member))
                violation(fmt::format("node {} was sent away by nobody", node));
            return;
        case EventKind::census_changed:
            return;
    }
}

void Watch::refused(const Event& event) {
    if (!event.text.starts_with("a stock node")) return;
    // Stock nodes do it to each other; ours must not.
    const auto& machines = simulation_.machines();
    for (NodeIndex node = 0; node < machines.size(); ++node) {
        if (!machines[node].stock && event.group == Simulation::endpoint_of(node).to_string())
            violation(fmt::format("{} (by node {})", event.text, node));
    }
}

void Watch::member_changed(NodeIndex node, const Event& event) {
    const Machine& machine = simulation_.machines()[node];
    if (machine.stock) return;
    if (const auto highest = highest_.find(event.member);
        event.number > (highest == highest_.end() ? 0 : highest->second)) {
        violation(fmt::format("node {} believes incarnation {} of {}, which it never said", node,
                              event.number, event.member.to_string()));
    }
    const std::pair belief(event.number, event.health);
    const auto [known, first] = beliefs_[node].try_emplace(event.member, belief);
    // In a strict ring a forgotten member that speaks again stands as departed with what it signed
    // itself, however old, until it hears of that.
    const bool dug_up = simulation_.options().strict && event.health == Health::departed;
    if (!first && belief < known->second && !dug_up)
        violation(fmt::format("node {} went back in what it believes of {}", node,
                              event.member.to_string()));
    known->second = belief;
    // What a disk remembers of the time before comes in the same step.
    const auto grave = buried_[node].find(event.member);
    const bool buried = grave != buried_[node].end() && grave->second < simulation_.steps();
    if (event.health == Health::departed && machine.actor != nullptr &&
        machine.actor->has({RumorKind::departure, {}, event.member, {}}, 0))
        buried_[node].emplace(event.member, simulation_.steps());
    if (event.health != Health::departed && buried)
        violation(fmt::format("node {} took back departed {}", node, event.member.to_string()));
    if (event.health != Health::confirmed) return;
    const auto& machines = simulation_.machines();
    const bool lives = std::any_of(machines.begin(), machines.end(), [&](const Machine& other) {
        return other.id == event.member && other.actor != nullptr;
    });
    if (!lives) return;
    ++false_alarms_;
    if (no_false_alarm_)
        violation(fmt::format("node {} confirmed {}, which lives", node, event.member.to_string()));
}

void Watch::leader_changed(NodeIndex node, const Event& event) {
    if (!population_fixed_ || simulation_.options().stock != 0) return;
    const std::string which = fmt::format("{}/{}", to_string(event.rumor), event.group);
    const auto [known, first] = leaders_.try_emplace({which, event.number}, event.member);
    if (!first && known->second != event.member)
        violation(
            fmt::format("node {} sees another leader of {} in term {}", node, which, event.number));
}

void Watch::datagram(NodeIndex from, NodeIndex to, std::string_view bytes) {
    if (bytes.size() + sealed_overhead > max_datagram)
        violation(fmt::format("node {} sent a datagram of {} bytes", from, bytes.size()));
    if (!simulation_.options().checked) return;
    const Machine& sender = simulation_.machines()[from];
    if (const Refusal why = decode_swim(bytes, swim_); why != Refusal::none) {
        violation(fmt::format("node {} sent what no decoder takes: {}", from, to_string(why)));
        return;
    }
    if (!sender.stock && simulation_.machines()[to].stock) {
        for (const Membership& record : swim_.membership)
            if (!safe_for_stock(record.member))
                violation(fmt::format("node {} told a stock node of an address it dies of", from));
    }
    if (swim_.from.id != sender.id) return;  // passed on for another
    std::uint64_t& spoken = spoken_[sender.id];
    if (swim_.from.incarnation < spoken)
        violation(fmt::format("node {} said incarnation {} after {}", from, swim_.from.incarnation,
                              spoken));
    spoken = swim_.from.incarnation;
    std::uint64_t& highest = highest_[sender.id];
    highest = std::max(highest, spoken);
}

}  // namespace hab::ring::sim
