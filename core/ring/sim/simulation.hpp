// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ring/sim/actor.hpp"
#include "ring/sim/disk.hpp"
#include "ring/sim/event_hash.hpp"
#include "ring/sim/event_queue.hpp"
#include "ring/sim/machine_clock.hpp"
#include "ring/sim/network.hpp"
#include "ring/sim/options.hpp"
#include "ring/strict.hpp"

namespace hab::ring::sim {

/// The name of the ring, which is part of what members of a strict one sign.
inline constexpr std::string_view simulated_ring = "simulated";

/// One machine of the simulated world, with what runs on it.
struct Machine {
    std::unique_ptr<Actor> actor;  ///< none while it is down
    MemberId id;
    bool stock = false;
    std::uint32_t life = 0;    ///< grows with each start
    std::uint32_t member = 0;  ///< grows when another member takes the address over
    MachineClock clock;
    Disk disk;
    Time paused_until = 0;
    Time wake_at = never;  ///< world time of the wake that counts
    bool ipv6 = false;     ///< members of ours are told an IPv6 address
    std::uint32_t key = 0;
    std::uint32_t backlog = 0;
    std::uint64_t datagrams = 0;
    std::uint64_t bytes = 0;
    std::uint64_t stream_messages = 0;
    std::uint64_t stream_bytes = 0;
};

/// The world: machines, network, time. Runs the same code as a supervisor does, message by message.
class Simulation {
public:
    explicit Simulation(const Options& options);

    /// What watches the run; called in the order of events.
    std::function<void(NodeIndex, const Event&)> on_event;
    std::function<void(NodeIndex from, NodeIndex to, std::string_view)> on_datagram;
    /// Who listens on the network: datagrams and stream messages as they are sent.
    std::function<void(NodeIndex from, NodeIndex to, std::string_view, bool stream)> on_sent;

    void start(NodeIndex node);
    /// Dies at once, with what was not yet on disk.
    void crash(NodeIndex node);
    void command(NodeIndex node, const Input& input);
    void pause(NodeIndex node, Time how_long);
    /// Somebody who is no machine of the ring sends something, from whatever address.
    void deliver(NodeIndex to, const Endpoint& from, std::string bytes, bool stream);
    void run_until(Time when);

    [[nodiscard]] Time now() const noexcept { return now_; }
    [[nodiscard]] std::vector<Machine>& machines() noexcept { return machines_; }
    [[nodiscard]] const Options& options() const noexcept { return options_; }
    [[nodiscard]] Network& network() noexcept { return network_; }
    [[nodiscard]] Random& random() noexcept { return random_; }
    [[nodiscard]] std::uint64_t hash() const noexcept { return hash_.value(); }
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
    [[nodiscard]] MemberBook& book() noexcept { return *book_; }

    [[nodiscard]] static Endpoint endpoint_of(NodeIndex node) noexcept;
    [[nodiscard]] static Endpoint ipv6_endpoint_of(NodeIndex node) noexcept;
    /// The member that runs, or ran last, on a machine.
    [[nodiscard]] MemberId id_of(NodeIndex node, std::uint32_t member) const noexcept;
    /// Makes all believe that all are alive, as a restored state would, and know the rest.
    void introduce_everybody(std::vector<StateRecord> known = {});

private:
    [[nodiscard]] std::unique_ptr<Actor> make_actor(NodeIndex node);
    [[nodiscard]] crypto::Identity identity_of(NodeIndex node, std::uint32_t member) const;
    void make_strict(NodeConfig& config, NodeIndex node) const;
    /// What of the faults is there from the beginning.
    void draw_world();
    void happen(Happening happening);
    void step(NodeIndex node, const Input& input);
    void carry_out(NodeIndex node, Outputs& outputs);
    void send(NodeIndex node, SendDatagram& datagram);
    void send(NodeIndex node, SendStream& stream);
    void plan_wake(NodeIndex node);

    Options options_;
    Random random_;
    Network network_;
    EventQueue queue_;
    EventHash hash_;
    // The book outlives the nodes in machines_.
    std::unique_ptr<MemberBook> book_;
    RumorPool pool_;
    std::vector<Machine> machines_;
    Outputs outputs_;
    Time now_ = 0;
    std::uint64_t steps_ = 0;
};

}  // namespace hab::ring::sim
