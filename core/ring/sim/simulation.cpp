// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/simulation.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "ring/codec/codec.hpp"
#include "ring/sim/stock_actor.hpp"

namespace hab::ring::sim {
namespace {

constexpr std::uint16_t port = 9638;
constexpr std::uint32_t most_backlog = 256;  // datagrams that a socket buffers

std::optional<NodeIndex> node_at(const Endpoint& endpoint) noexcept {
    const auto& bytes = endpoint.ip.bytes;
    const bool known = endpoint.ip.is_v4() ? bytes[12] == 10 : bytes[0] == 0xfd;
    if (endpoint.port != port || !known) return std::nullopt;
    const std::uint32_t number = static_cast<std::uint32_t>(bytes[13]) << 16 |
                                 static_cast<std::uint32_t>(bytes[14]) << 8 | bytes[15];
    if (number == 0) return std::nullopt;
    return number - 1;
}

/// Where it comes from, as its receiver sees it: machines have both kinds of addresses.
Endpoint source_of(NodeIndex node, const Endpoint& to) noexcept {
    return to.ip.is_v4() ? Simulation::endpoint_of(node) : Simulation::ipv6_endpoint_of(node);
}

}  // namespace

Simulation::Simulation(const Options& options)
    : options_(options),
      random_(options.seed),
      network_(mix(options.seed + 1)),
      book_(std::make_unique<MemberBook>()),
      machines_(options.nodes) {
    // The model of stock nodes runs no elections: the group that does is of ours alone.
    options_.group = std::max<std::size_t>(
        1, std::min(options_.group, options_.nodes - std::min(options_.nodes, options_.stock)));
    for (NodeIndex node = 0; node < machines_.size(); ++node) {
        Machine& machine = machines_[node];
        // Stock ones last: the first machine is everybody's way in.
        machine.stock = node + options.stock >= options.nodes;
        machine.id = id_of(node, 0);
        // Clocks are apart by up to an hour even in a run without faults: nobody may care.
        machine.clock = MachineClock(seconds(1) + random_.below(seconds(3600)), 0, 0);
    }
    draw_world();
}

void Simulation::draw_world() {
    Random random(mix(options_.seed ^ 0x776f726c64u));
    if (options_.faults.has(Fault::expiry) && random.chance(0.4)) {
        options_.tuning.confirmed_to_departed = seconds(3) + random.below(seconds(20));
        options_.tuning.departed_to_tombstone = seconds(3) + random.below(seconds(20));
    }
    if (!options_.faults.has(Fault::ipv6) || random.chance(0.5)) return;
    for (Machine& machine : machines_)
        machine.ipv6 = !machine.stock && random.chance(0.5);
}

Endpoint Simulation::endpoint_of(NodeIndex node) noexcept {
    const std::uint32_t number = node + 1;
    return {
        IpAddress::v4(10, static_cast<std::uint8_t>(number >> 16),
                      static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)),
        port};
}

Endpoint Simulation::ipv6_endpoint_of(NodeIndex node) noexcept {
    Endpoint endpoint = endpoint_of(node);
    std::fill_n(endpoint.ip.bytes.begin(), 13, std::uint8_t{0});
    endpoint.ip.bytes[0] = 0xfd;
    return endpoint;
}

MemberId Simulation::id_of(NodeIndex node, std::uint32_t member) const noexcept {
    if (options_.strict) return member_id_of(identity_of(node, member).public_key());
    MemberId id;
    const std::uint64_t high = mix(options_.seed ^ mix(node + 1));
    const std::uint64_t low = mix(high ^ (std::uint64_t{member} << 32 | node));
    for (std::size_t i = 0; i < 8; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(high >> (8 * i));
        id.bytes[i + 8] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    return id;
}

crypto::Identity Simulation::identity_of(NodeIndex node, std::uint32_t member) const {
    std::array<std::byte, 32> seed{};
    std::uint64_t word = mix(options_.seed ^ mix(std::uint64_t{member} << 32 | node));
    for (std::size_t i = 0; i < seed.size(); ++i, word = mix(word + i))
        seed[i] = static_cast<std::byte>(word);
    return crypto::Identity::from_seed("simulated", seed);
}

void Simulation::make_strict(NodeConfig& config, NodeIndex node) const {
    StrictRing ring{
        std::string(simulated_ring), identity_of(node, machines_[node].member), {}, {}, now_ + 1};
    // The first machine is the operator's.
    const crypto::Identity admin = identity_of(~NodeIndex{0}, 0);
    ring.admins.push_back(admin.public_key());
    if (node == 0) ring.admin.emplace(identity_of(~NodeIndex{0}, 0));
    config.advertised = endpoint_of(node).ip;
    config.strict = std::make_shared<const StrictRing>(std::move(ring));
}

std::unique_ptr<Actor> Simulation::make_actor(NodeIndex node) {
    Machine& machine = machines_[node];
    NodeConfig config;
    config.id = machine.id;
    config.swim_port = config.gossip_port = port;
    config.persistent = node == 0;
    config.seed = mix(options_.seed ^ mix(std::uint64_t{machine.life} << 32 | node));
    config.tuning = options_.tuning;
    if (options_.strict) make_strict(config, node);
    if (machine.ipv6) config.advertised = ipv6_endpoint_of(node).ip;
    if (machine.stock) return std::make_unique<StockActor>(std::move(config));
    return std::make_unique<RingActor>(std::move(config), *book_, pool_);
}

void Simulation::start(NodeIndex node) {
    Machine& machine = machines_[node];
    ++machine.life;
    machine.actor = make_actor(node);
    machine.wake_at = never;
    machine.backlog = 0;
    machine.paused_until = now_;
    hash_.add(0x5354415254u ^ node);
    const std::vector<StateRecord> remembered = machine.disk.records();
    if (!remembered.empty()) step(node, Restore{remembered});
    if (node != 0) step(node, AddPeer{endpoint_of(0)});
    step(node, Wake{});
}

void Simulation::crash(NodeIndex node) {
    Machine& machine = machines_[node];
    hash_.add(0x4352415348u ^ node);
    machine.actor.reset();
    machine.disk.crash(random_);
    ++machine.life;
}

void Simulation::command(NodeIndex node, const Input& input) {
    step(node, input);
}

void Simulation::pause(NodeIndex node, Time how_long) {
    machines_[node].paused_until = std::max(machines_[node].paused_until, now_ + how_long);
}

void Simulation::introduce_everybody(std::vector<StateRecord> known) {
    std::vector<StateRecord> records;
    for (NodeIndex node = 0; node < machines_.size(); ++node) {
        Membership membership;
        membership.member.id = machines_[node].id;
        const Endpoint where = endpoint_of(node);
        membership.member.address = where.ip;
        membership.member.swim_port = membership.member.gossip_port = where.port;
        membership.member.persistent = node == 0;
        records.push_back({StateKind::membership, 0, encoded(membership)});
    }
    std::move(known.begin(), known.end(), std::back_inserter(records));
    for (NodeIndex node = 0; node < machines_.size(); ++node) {
        machines_[node].life = 1;
        machines_[node].actor = make_actor(node);
        step(node, Restore{records});
    }
}

void Simulation::run_until(Time when) {
    while (!queue_.empty() && queue_.next_time() <= when) {
        now_ = queue_.next_time();
        happen(queue_.pop());
    }
    now_ = when;
}

void Simulation::happen(Happening happening) {
    Machine& machine = machines_[happening.node];
    const bool timer = happening.kind == HappeningKind::wake;
    if (timer && (machine.wake_at != now_ || machine.life != happening.life)) return;
    if (machine.actor == nullptr || (happening.life != 0 && happening.life != machine.life)) return;
    if (machine.paused_until > now_) {
        // What arrives waits, as far as the socket's buffer goes.
        if (happening.kind == HappeningKind::datagram && ++machine.backlog > most_backlog) return;
        if (timer) machine.wake_at = machine.paused_until;
        const Time later = machine.paused_until;
        queue_.schedule(later, std::move(happening));
        return;
    }
    machine.backlog = 0;
    hash_.add(now_ ^ static_cast<std::uint64_t>(happening.kind) << 56 ^
              std::uint64_t{happening.node} << 32);
    switch (happening.kind) {
        case HappeningKind::wake:
            machine.wake_at = never;
            return step(happening.node, Wake{});
        case HappeningKind::datagram:
            hash_.add(happening.bytes);
            return step(happening.node, Datagram{happening.from, happening.bytes});
        case HappeningKind::stream:
            hash_.add(happening.bytes);
            return step(happening.node, StreamMessage{happening.from, happening.bytes});
        case HappeningKind::result:
            return step(happening.node, StreamResult{happening.number, 0, happening.ok});
    }
}

void Simulation::step(NodeIndex node, const Input& input) {
    Machine& machine = machines_[node];
    if (machine.actor == nullptr) return;
    ++steps_;
    // A step may be taken from within a callback of another: each has its own outputs.
    Outputs outputs = std::exchange(outputs_, {});
    outputs.clear();
    machine.actor->step(machine.clock.local(now_), input, outputs);
    carry_out(node, outputs);
    outputs_ = std::move(outputs);
    plan_wake(node);
}

void Simulation::plan_wake(NodeIndex node) {
    Machine& machine = machines_[node];
    if (machine.actor == nullptr) return;
    const Time wanted = machine.clock.world(machine.actor->next_wake(), now_);
    // An earlier wake that is no longer wanted costs less than taking it back.
    if (wanted == never || wanted >= machine.wake_at) return;
    machine.wake_at = wanted;
    Happening happening;
    happening.kind = HappeningKind::wake;
    happening.node = node;
    happening.life = machine.life;
    queue_.schedule(wanted, std::move(happening));
}

void Simulation::carry_out(NodeIndex node, Outputs& outputs) {
    for (Output& output : outputs) {
        if (auto* datagram = std::get_if<SendDatagram>(&output)) {
            send(node, *datagram);
        } else if (auto* stream = std::get_if<SendStream>(&output)) {
            send(node, *stream);
        } else if (auto* persist = std::get_if<Persist>(&output)) {
            if (options_.checked) machines_[node].disk.write(*persist);
        } else if (on_event) {
            on_event(node, std::get<Event>(output));
        }
    }
}

void Simulation::send(NodeIndex node, SendDatagram& datagram) {
    Machine& machine = machines_[node];
    ++machine.datagrams;
    machine.bytes += datagram.bytes.size() + plain_overhead;
    const auto to = node_at(datagram.to);
    if (!to || *to >= machines_.size()) return;
    if (on_datagram) on_datagram(node, *to, datagram.bytes);
    if (machines_[*to].key != machine.key) return;
    if (on_sent) on_sent(node, *to, datagram.bytes, false);
    const std::vector<Time> deliveries = network_.deliveries(node, *to);
    for (const Time after : deliveries) {
        Happening happening;
        happening.kind = HappeningKind::datagram;
        happening.node = *to;
        happening.from = source_of(node, datagram.to);
        happening.bytes = datagram.bytes;
        network_.damage(happening.bytes);
        queue_.schedule(now_ + after, std::move(happening));
    }
}

void Simulation::deliver(NodeIndex to, const Endpoint& from, std::string bytes, bool stream) {
    Happening happening;
    happening.kind = stream ? HappeningKind::stream : HappeningKind::datagram;
    happening.node = to;
    happening.from = from;
    happening.bytes = std::move(bytes);
    queue_.schedule(now_ + network_.latency(), std::move(happening));
}

void Simulation::send(NodeIndex node, SendStream& stream) {
    Machine& machine = machines_[node];
    const auto to = node_at(stream.to);
    Happening result;
    result.kind = HappeningKind::result;
    result.node = node;
    result.life = machine.life;
    result.number = stream.stream;
    const bool reachable = to && *to < machines_.size() && machines_[*to].actor != nullptr &&
                           network_.passes(node, *to) && network_.passes(*to, node);
    if (!reachable) {
        queue_.schedule(now_ + milliseconds(500), std::move(result));
        return;
    }
    const Time latency = network_.latency();
    const Time arrival = now_ + 3 * latency;  // the handshake comes first
    for (std::string& message : stream.messages) {
        ++machine.stream_messages;
        machine.stream_bytes += message.size() + plain_overhead;
        if (machines_[*to].key != machine.key) continue;
        if (on_sent) on_sent(node, *to, message, true);
        Happening happening;
        happening.kind = HappeningKind::stream;
        happening.node = *to;
        happening.life = machines_[*to].life;
        happening.from = source_of(node, stream.to);
        happening.bytes = std::move(message);
        queue_.schedule(arrival, std::move(happening));
    }
    result.ok = true;
    queue_.schedule(arrival + latency, std::move(result));
}

}  // namespace hab::ring::sim
