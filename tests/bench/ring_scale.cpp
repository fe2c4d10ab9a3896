// SPDX-License-Identifier: Apache-2.0
// The ring at scale, in virtual time. Usage: hab-bench-ring-scale WORK NODES [STOCK]
// Prints "work<TAB>figure<TAB>value" lines; scripts/bench ring makes the table.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ring/codec/codec.hpp"
#include "ring/sim/services.hpp"
#include "ring/sim/simulation.hpp"

namespace {

using namespace hab::ring;
using namespace hab::ring::sim;

void figure(std::string_view work, std::string_view name, double value) {
    fmt::print("{}\t{}\t{:.3f}\n", work, name, value);
    std::fflush(stdout);
}

double part(std::vector<double> values, double share) {
    if (values.empty()) return -1;
    std::sort(values.begin(), values.end());
    const auto place =
        static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    return values[place];
}

double in_seconds(Time time) {
    return static_cast<double>(time) / 1e6;
}

Options options_for(std::size_t nodes, bool stock) {
    Options options;
    options.nodes = nodes;
    options.stock = stock ? nodes : 0;
    options.preloaded = true;
    options.checked = false;
    return options;
}

std::string config_of(std::uint64_t version) {
    Rumor rumor;
    rumor.kind = RumorKind::service_config;
    rumor.from = client_injector;
    const std::string text = fmt::format("number = {}\n", version);
    rumor.body = ConfigRumor{"app0.default", version, false, text};
    return encoded(rumor);
}

std::uint64_t sum(Simulation& simulation, std::uint64_t Machine::* counter) {
    std::uint64_t total = 0;
    for (const Machine& machine : simulation.machines())
        total += machine.*counter;
    return total;
}

/// A ring that has known itself for a while: everybody heard of everybody's kind.
void settle(Simulation& simulation) {
    simulation.introduce_everybody();
    simulation.run_until(seconds(60));
}

void rumor(std::size_t nodes, bool stock, double loss) {
    Simulation simulation(options_for(nodes, stock));
    settle(simulation);
    simulation.network().weather.loss = loss;
    std::vector<double> times;
    double copies = 0;
    std::uint64_t counted = 0;
    Swim swim;
    if (!stock) {
        simulation.on_datagram = [&](NodeIndex, NodeIndex, std::string_view bytes) {
            if (decode_swim(bytes, swim) == Refusal::none && swim.extension)
                counted += swim.extension->rumors.size();
        };
    }
    const RumorKey key{RumorKind::service_config, "app0.default", {}, {}};
    constexpr std::uint64_t rounds = 20;
    for (std::uint64_t version = 1; version <= rounds; ++version) {
        const std::uint64_t streams = sum(simulation, &Machine::stream_messages);
        counted = 0;
        const std::string bytes = config_of(version);
        const auto from = static_cast<NodeIndex>(simulation.random().below(nodes));
        const Time begin = simulation.now();
        simulation.command(from, Inject{bytes});
        const auto all_have = [&] {
            const auto& machines = simulation.machines();
            return std::all_of(machines.begin(), machines.end(), [&](const Machine& machine) {
                return machine.actor->has(key, version);
            });
        };
        while (!all_have() && simulation.now() < begin + seconds(60))
            simulation.run_until(simulation.now() + milliseconds(10));
        times.push_back(in_seconds(simulation.now() - begin));
        // Stock nodes go on for long after everybody knows.
        simulation.run_until(begin + (stock ? seconds(nodes) : seconds(10)));
        const auto more = sum(simulation, &Machine::stream_messages) - streams;
        copies += static_cast<double>(counted + more) / static_cast<double>(nodes);
        if (stock && version == 3) break;
    }
    const std::string work = fmt::format("rumor, {:.0f} % loss", loss * 100);
    figure(work, "s, p50", part(times, 0.5));
    figure(work, "s, p99", part(times, 0.99));
    figure(work, "copies per node", copies / static_cast<double>(times.size()));
}

void idle(std::size_t nodes, bool stock) {
    Simulation simulation(options_for(nodes, stock));
    settle(simulation);
    const std::uint64_t before =
        sum(simulation, &Machine::bytes) + sum(simulation, &Machine::stream_bytes);
    simulation.run_until(simulation.now() + seconds(60));
    const std::uint64_t after =
        sum(simulation, &Machine::bytes) + sum(simulation, &Machine::stream_bytes);
    // Sent and received: each byte is both.
    figure("idle", "bytes/s per node, both ways",
           2.0 * static_cast<double>(after - before) / 60 / static_cast<double>(nodes));
}

void crash(std::size_t nodes, bool stock) {
    Simulation simulation(options_for(nodes, stock));
    settle(simulation);
    std::vector<double> everywhere;
    std::vector<double> learned;
    MemberId dead;
    Time begin = 0;
    simulation.on_event = [&](NodeIndex, const Event& event) {
        if (event.kind == EventKind::member_changed && event.health == Health::confirmed &&
            event.member == dead)
            learned.push_back(in_seconds(simulation.now() - begin));
    };
    const std::size_t crashes = nodes >= 1000 ? 20 : 40;
    for (std::size_t i = 0; i < crashes; ++i) {
        const auto node = static_cast<NodeIndex>(nodes - 1 - i);
        dead = simulation.machines()[node].id;
        learned.clear();
        begin = simulation.now();
        simulation.crash(node);
        const std::size_t live = nodes - 1 - i;
        while (learned.size() < live && simulation.now() < begin + seconds(200))
            simulation.run_until(simulation.now() + milliseconds(100));
        if (!learned.empty()) everywhere.push_back(learned.back());
        if (stock && i == 4) break;
    }
    figure("crash known to all", "s, p50", part(everywhere, 0.5));
    figure("crash known to all", "s, p99", part(everywhere, 0.99));
}

void newcomer(std::size_t nodes) {
    Options options = options_for(nodes + 1, false);
    Simulation simulation(options);
    Services services(simulation);
    std::vector<StateRecord> records;
    for (NodeIndex node = 0; node < nodes; ++node)
        records.push_back({StateKind::rumor, 0, services.service(node, 1)});
    simulation.introduce_everybody(std::move(records));
    const auto last = static_cast<NodeIndex>(nodes);
    simulation.crash(last);
    simulation.run_until(simulation.now() + seconds(60));
    RingNode& first = *simulation.machines()[0].actor->ring();
    double state = 0;
    for (const StateRecord& record : first.snapshot())
        state += static_cast<double>(record.bytes.size());
    const std::uint64_t before = sum(simulation, &Machine::stream_bytes);
    Machine& machine = simulation.machines()[last];
    machine.member = 1;
    machine.id = simulation.id_of(last, 1);
    const Time begin = simulation.now();
    simulation.start(last);
    const auto complete = [&] {
        return machine.actor->ring()->rumors().all().size() >= nodes &&
               machine.actor->ring()->members().size() >= nodes;
    };
    while (!complete() && simulation.now() < begin + seconds(60))
        simulation.run_until(simulation.now() + milliseconds(20));
    figure("newcomer", "s until it knows all", in_seconds(simulation.now() - begin));
    simulation.run_until(begin + seconds(10));
    figure("newcomer", "bytes by stream / state",
           static_cast<double>(sum(simulation, &Machine::stream_bytes) - before) / state);
    figure("newcomer", "its own datagrams in 10 s / state",
           static_cast<double>(machine.bytes) / state);
}

void failover(std::size_t nodes) {
    Simulation simulation(options_for(nodes, false));
    Services services(simulation);
    settle(simulation);
    for (NodeIndex node = 0; node < 5; ++node) {
        const std::string bytes = services.service(node, 1);
        simulation.command(node, Inject{bytes});
    }
    simulation.run_until(simulation.now() + seconds(10));
    std::optional<Time> confirmed;
    std::map<NodeIndex, MemberId> leaders;
    MemberId dead;
    simulation.on_event = [&](NodeIndex node, const Event& event) {
        if (event.kind == EventKind::member_changed && event.member == dead &&
            event.health == Health::confirmed && !confirmed)
            confirmed = simulation.now();
        if (event.kind == EventKind::leader_changed) leaders[node] = event.member;
    };
    services.start_elections();
    simulation.run_until(simulation.now() + seconds(20));
    std::vector<double> times;
    for (int i = 0; i < 2; ++i) {
        dead = leaders.begin()->second;
        confirmed.reset();
        for (NodeIndex node = 0; node < 5; ++node)
            if (simulation.machines()[node].id == dead) simulation.crash(node);
        const auto settled = [&] {
            std::set<MemberId> known;
            for (NodeIndex node = 0; node < 5; ++node)
                if (simulation.machines()[node].actor != nullptr) known.insert(leaders[node]);
            return confirmed && known.size() == 1 && !known.contains(dead);
        };
        const Time begin = simulation.now();
        while (!settled() && simulation.now() < begin + seconds(120))
            simulation.run_until(simulation.now() + milliseconds(50));
        times.push_back(in_seconds(simulation.now() - confirmed.value_or(0)));
    }
    figure("leader after Confirmed, group of 5", "s, worst", part(times, 1));
}

void memory(std::size_t nodes) {
    MemberBook book;
    NodeConfig config;
    config.id.bytes[0] = 1;
    Options options = options_for(nodes, false);
    Simulation world(options);  // for its members' services
    world.introduce_everybody();
    Services services(world);
    std::vector<StateRecord> records = world.machines()[0].actor->ring()->snapshot();
    for (NodeIndex node = 0; node < nodes; ++node)
        records.push_back({StateKind::rumor, 0, services.service(node, 1)});
    const auto before = mallinfo2().uordblks;
    auto node = std::make_unique<RingNode>(config, book);
    {
        Outputs outputs;
        node->step(1, Restore{records}, outputs);
    }
    const auto after = mallinfo2().uordblks;
    figure("memory", "bytes per member with one service",
           static_cast<double>(after - before) / static_cast<double>(nodes));
}

void speed(std::size_t nodes) {
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    Simulation simulation(options_for(nodes, false));
    simulation.introduce_everybody();
    simulation.run_until(seconds(3600));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    figure("one simulated hour", "s", taken.count());
    figure("one simulated hour", "s of CPU",
           static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
    figure("one simulated hour", "steps", static_cast<double>(simulation.steps()));
}

void false_alarms(std::size_t nodes, bool stock, std::size_t hours, std::size_t slow) {
    Simulation simulation(options_for(nodes, stock));
    settle(simulation);
    simulation.network().weather.loss = slow == 0 ? 0.05 : 0;
    std::set<MemberId> ill;
    for (NodeIndex node = 0; node < slow; ++node)
        ill.insert(simulation.machines()[node].id);
    double healthy = 0;
    double all = 0;
    simulation.on_event = [&](NodeIndex, const Event& event) {
        if (event.kind != EventKind::member_changed || event.health != Health::confirmed) return;
        ++all;
        if (!ill.contains(event.member)) ++healthy;
    };
    const Time end = simulation.now() + seconds(3600 * hours);
    while (simulation.now() < end) {
        for (NodeIndex node = 0; node < slow; ++node)
            if (simulation.random().chance(0.2))
                simulation.pause(node, seconds(1) + simulation.random().below(seconds(29)));
        simulation.run_until(simulation.now() + seconds(10));
    }
    const std::string work = slow == 0 ? "5 % loss" : fmt::format("{} slow nodes", slow);
    figure(work, "simulated hours", static_cast<double>(hours));
    figure(work, "Confirmed though alive", all);
    if (slow != 0) figure(work, "of them never slow", healthy);
}

/// The rounds of one rumor alone, with the budget and fan-out of a node: for rings too large to
/// simulate whole.
void dissemination(std::size_t nodes, double loss) {
    const Tuning tuning;
    const unsigned budget = retransmit_budget(nodes);
    std::vector<double> rounds;
    double copies = 0;
    constexpr int runs = 11;
    for (int run = 0; run < runs; ++run) {
        Random random(static_cast<std::uint64_t>(run) + 1);
        std::vector<unsigned> left(nodes, 0);
        std::vector<std::uint8_t> knows(nodes, 0);
        std::vector<std::uint32_t> tellers = {0};
        knows[0] = 1;
        left[0] = budget;
        std::size_t known = 1;
        std::uint64_t sent = 0;
        int round = 0;
        int complete = -1;
        while (!tellers.empty()) {
            ++round;
            std::vector<std::uint32_t> next;
            const std::size_t old = tellers.size();
            for (std::size_t i = 0; i < old; ++i) {
                const std::uint32_t teller = tellers[i];
                for (unsigned copy = 0; copy < tuning.gossip_fanout && left[teller] != 0; ++copy) {
                    --left[teller];
                    ++sent;
                    const auto to = static_cast<std::uint32_t>(random.below(nodes));
                    if (random.chance(loss) || knows[to] != 0) continue;
                    knows[to] = 1;
                    left[to] = budget;
                    ++known;
                    next.push_back(to);
                }
                if (left[teller] != 0) next.push_back(teller);
            }
            tellers = std::move(next);
            if (known == nodes && complete < 0) complete = round;
        }
        rounds.push_back(complete);
        copies += static_cast<double>(sent) / static_cast<double>(nodes);
    }
    const std::string work = fmt::format("one rumor alone, {:.0f} % loss", loss * 100);
    figure(work, "rounds, worst of 11", part(rounds, 1));
    figure(work, "copies per node", copies / runs);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        fmt::print(stderr, "usage: {} WORK NODES [stock]\n", argv[0]);
        return 2;
    }
    const std::string_view work = argv[1];
    const std::size_t nodes = std::strtoull(argv[2], nullptr, 10);
    const bool stock = argc > 3 && std::string_view(argv[3]) == "stock";
    if (work == "rumor") {
        rumor(nodes, stock, 0);
        rumor(nodes, stock, 0.05);
    } else if (work == "idle") {
        idle(nodes, stock);
    } else if (work == "crash") {
        crash(nodes, stock);
    } else if (work == "newcomer") {
        newcomer(nodes);
    } else if (work == "failover") {
        failover(nodes);
    } else if (work == "memory") {
        memory(nodes);
    } else if (work == "speed") {
        speed(nodes);
    } else if (work == "loss") {
        false_alarms(nodes, stock, 1, 0);
    } else if (work == "slow") {
        false_alarms(nodes, stock, 1, nodes / 20);
    } else if (work == "alone") {
        dissemination(nodes, 0);
        dissemination(nodes, 0.05);
    } else {
        fmt::print(stderr, "{}: there is no work '{}'\n", argv[0], work);
        return 2;
    }
    return 0;
}
