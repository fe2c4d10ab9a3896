// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ring/codec/codec.hpp"

namespace hab::ring::sim {

Trouble::Trouble(Simulation& simulation, Watch& watch, std::uint64_t seed)
    : simulation_(simulation), watch_(watch), random_(mix(seed ^ 0x74726f75626c65u)), seed_(seed) {}

void Trouble::say(std::string text) {
    if (on_news) on_news(text);
}

void Trouble::begin() {
    const Faults faults = simulation_.options().faults;
    Weather& weather = simulation_.network().weather;
    // Each run draws its own mix: all faults at once hide more than they find.
    const auto drawn = [&](Fault fault) { return faults.has(fault) && random_.chance(0.6); };
    if (drawn(Fault::loss)) weather.loss = std::max(weather.loss, random_.unit() * 0.3);
    if (drawn(Fault::delay)) {
        weather.late = random_.unit() * 0.2;
        weather.late_most = milliseconds(50 + random_.below(2000));
    }
    if (drawn(Fault::duplicate)) weather.twice = random_.unit() * 0.2;
    if (drawn(Fault::corrupt)) weather.corrupt = random_.unit() * 0.1;
    if (weather.loss > 0.05 || weather.late > 0 || weather.corrupt > 0) harmless_ = false;
    for (const Fault fault : {Fault::cut, Fault::partition, Fault::slow, Fault::clock, Fault::crash,
                              Fault::stale, Fault::reuse, Fault::key, Fault::leave, Fault::depart})
        if (drawn(fault)) chosen_.push_back(fault);
    if (!chosen_.empty()) harmless_ = false;
    for (const Fault fault : chosen_)
        if (fault == Fault::reuse || fault == Fault::leave || fault == Fault::depart)
            watch_.population_changes();
    if (simulation_.options().strict && drawn(Fault::forge))
        forger_ = std::make_unique<Forger>(simulation_, seed_);
    // A member that is forgotten leaves the population, and may come back.
    if (simulation_.options().tuning.confirmed_to_departed < Tuning{}.confirmed_to_departed)
        watch_.population_changes();
    rate_ = 0.05 + random_.unit() * 0.4;
    if (faults.has(Fault::clock)) {
        for (Machine& machine : simulation_.machines()) {
            const auto rate = static_cast<std::int64_t>(random_.below(1001)) - 500;
            const Time local = machine.clock.local(simulation_.now());
            machine.clock = MachineClock(local, rate, simulation_.now());
        }
    }
    say(fmt::format("loss {:.1f} %, late {:.1f} %, twice {:.1f} %, corrupt {:.1f} %",
                    weather.loss * 100, weather.late * 100, weather.twice * 100,
                    weather.corrupt * 100));
}

NodeIndex Trouble::any() {
    return static_cast<NodeIndex>(random_.below(simulation_.machines().size()));
}

std::size_t Trouble::running() const {
    const auto& machines = simulation_.machines();
    return static_cast<std::size_t>(
        std::count_if(machines.begin(), machines.end(),
                      [](const Machine& machine) { return machine.actor != nullptr; }));
}

void Trouble::later(Time after, std::function<void()> act) {
    repairs_.push_back({simulation_.now() + after, std::move(act)});
}

void Trouble::due() {
    for (std::size_t i = 0; i < repairs_.size();) {
        if (repairs_[i].at > simulation_.now()) {
            ++i;
            continue;
        }
        const auto act = std::move(repairs_[i].act);
        repairs_.erase(repairs_.begin() + static_cast<std::ptrdiff_t>(i));
        act();
    }
}

void Trouble::stir() {
    due();
    if (forger_) {
        for (int attempt = 0; attempt < 20; ++attempt)
            forger_->act();
        if (const auto what = forger_->believed()) watch_.violation(*what);
    }
    if (chosen_.empty() || !random_.chance(rate_)) return;
    happen(chosen_[random_.below(chosen_.size())]);
}

void Trouble::happen(Fault fault) {
    const NodeIndex node = any();
    Machine& machine = simulation_.machines()[node];
    const bool up = machine.actor != nullptr;
    switch (fault) {
        case Fault::cut:
            return cut();
        case Fault::partition:
            return divide();
        case Fault::slow: {
            const Time pause = seconds(1) + random_.below(seconds(29));
            if (up)
                say(fmt::format("node {} stands still for {:.1f} s", node,
                                static_cast<double>(pause) / 1e6));
            if (up) simulation_.pause(node, pause);
            return;
        }
        case Fault::clock:
            return jump(node);
        case Fault::crash:
            if (up && running() > 1) crash(node);
            return;
        case Fault::stale:
            if (!up || running() < 2) return;
            crash(node);
            say(fmt::format("node {} gets an older disk", node));
            machine.disk.age(random_);
            watch_.incarnation_lost(machine.id);
            return;
        case Fault::reuse:
            // The first machine is the way in and stays who it is.
            if (!up || node == 0 || running() < 2) return;
            if (random_.chance(0.5)) return take_over(node);
            return change_addresses(node);
        case Fault::key:
            return wrong_key(node);
        case Fault::leave:
            if (up && node != 0 && running() > 1) leave(node);
            return;
        case Fault::depart:
            // Upstream's members take no orders from ours to stop; the operator is at the first.
            if (up && node != 0 && !machine.stock) depart(node);
            return;
        case Fault::expiry:
        case Fault::ipv6:
        case Fault::loss:
        case Fault::delay:
        case Fault::duplicate:
        case Fault::corrupt:
        case Fault::forge:
            return;
    }
}

void Trouble::crash(NodeIndex node) {
    say(fmt::format("node {} crashes", node));
    simulation_.crash(node);
    later(seconds(1) + random_.below(seconds(40)), [this, node] { start_again(node); });
}

void Trouble::start_again(NodeIndex node) {
    if (simulation_.machines()[node].actor != nullptr) return;
    say(fmt::format("node {} starts again", node));
    watch_.starts_anew(node);
    simulation_.start(node);
    if (on_start) on_start(node, false);
}

void Trouble::take_over(NodeIndex node) {
    Machine& machine = simulation_.machines()[node];
    simulation_.crash(node);
    departed_.erase(node);
    machine.id = simulation_.id_of(node, ++machine.member);
    machine.disk = Disk{};
    say(fmt::format("node {} is now {}", node, machine.id.to_string()));
    watch_.starts_anew(node);
    simulation_.start(node);
    if (on_start) on_start(node, true);
}

void Trouble::change_addresses(NodeIndex node) {
    const NodeIndex other = any();
    auto& machines = simulation_.machines();
    // The services stay where they are. What a member is called is part of its machine in a strict
    // ring.
    const Options& options = simulation_.options();
    const bool possible = options.group_of(node) == options.group_of(other) && other != node &&
                          other != 0 && machines[other].actor != nullptr && !machines[node].stock &&
                          !machines[other].stock && running() > 2 && !departed_.contains(node) &&
                          !departed_.contains(other) && !options.strict;
    if (!possible) return;
    say(fmt::format("nodes {} and {} start again with each other's address", node, other));
    for (const NodeIndex one : {node, other}) {
        simulation_.crash(one);
        watch_.starts_anew(one);
    }
    std::swap(machines[node].id, machines[other].id);
    std::swap(machines[node].disk, machines[other].disk);
    for (const NodeIndex one : {node, other}) {
        simulation_.start(one);
        if (on_start) on_start(one, false);
    }
}

void Trouble::cut() {
    const NodeIndex from = any();
    const NodeIndex to = any();
    if (from == to) return;
    say(fmt::format("nothing passes from node {} to node {}", from, to));
    simulation_.network().cut(from, to);
    later(seconds(1) + random_.below(seconds(40)),
          [this, from, to] { simulation_.network().mend(from, to); });
}

void Trouble::divide() {
    if (divided_) return;
    std::vector<std::uint8_t> sides;
    for (std::size_t i = 0; i < simulation_.machines().size(); ++i)
        sides.push_back(static_cast<std::uint8_t>(random_.below(2)));
    std::string text = "the ring falls apart:";
    for (std::size_t i = 0; i < sides.size(); ++i)
        if (sides[i] == 1) text += fmt::format(" {}", i);
    say(text + " on the other side");
    simulation_.network().divide(std::move(sides));
    divided_ = true;
    later(seconds(5) + random_.below(seconds(60)), [this] {
        say("the ring is whole again");
        simulation_.network().unite();
        divided_ = false;
    });
}

void Trouble::leave(NodeIndex node) {
    say(fmt::format("node {} leaves", node));
    simulation_.command(node, Leave{});
    Machine& machine = simulation_.machines()[node];
    machine.disk.sync();
    simulation_.crash(node);
    later(seconds(1) + random_.below(seconds(30)), [this, node] { start_again(node); });
}

void Trouble::depart(NodeIndex node) {
    if (simulation_.machines()[0].actor == nullptr || !departed_.insert(node).second) return;
    const MemberId id = simulation_.machines()[node].id;
    say(fmt::format("node {} is sent away", node));
    Rumor rumor;
    rumor.kind = RumorKind::departure;
    rumor.from = client_injector;
    rumor.body = DepartureRumor{id};
    const std::string bytes = encoded(rumor);
    watch_.departed(id);
    if (forger_) forger_->departed(id);
    simulation_.command(0, Inject{bytes});
    // Until then it may speak, if word of it does not get there.
    later(seconds(1) + random_.below(seconds(30)), [this, node] { replace_departed(node); });
}

void Trouble::replace_departed(NodeIndex node) {
    if (departed_.erase(node) != 0) take_over(node);
}

void Trouble::jump(NodeIndex node) {
    const Time forward = milliseconds(100) + random_.below(seconds(20));
    say(fmt::format("node {}'s clock jumps {:.1f} s", node, static_cast<double>(forward) / 1e6));
    simulation_.machines()[node].clock.jump(forward);
}

void Trouble::wrong_key(NodeIndex node) {
    Machine& machine = simulation_.machines()[node];
    if (machine.key != 0) return;
    say(fmt::format("node {} has another key", node));
    machine.key = 1;
    later(seconds(1) + random_.below(seconds(40)),
          [this, node] { simulation_.machines()[node].key = 0; });
}

void Trouble::end() {
    say("no more faults");
    if (forger_) say(fmt::format("{} attempts at forging", forger_->attempts()));
    // Those that are down stay down in half of the runs.
    const bool all_up = random_.chance(0.5);
    repairs_.clear();
    while (!departed_.empty())
        replace_departed(*departed_.begin());
    simulation_.network().calm();
    simulation_.network().weather.loss = simulation_.options().loss;
    for (NodeIndex node = 0; node < simulation_.machines().size(); ++node) {
        Machine& machine = simulation_.machines()[node];
        machine.key = 0;
        if (machine.actor == nullptr && (all_up || node == 0)) start_again(node);
    }
}

}  // namespace hab::ring::sim
