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

namespace hab::ring::sim {

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

    void start(NodeIndex node);
    /// Dies at once, with what was not yet on disk.
    void crash(NodeIndex node);
    void command(NodeIndex node, const Input& input);
    void pause(NodeIndex node, Time how_long);
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
    /// The member that runs, or ran last, on a machine.
    [[nodiscard]] MemberId id_of(NodeIndex node, std::uint32_t member) const noexcept;
    /// Makes all believe that all are alive, as a restored state would.
    void introduce_everybody();

private:
    [[nodiscard]] std::unique_ptr<Actor> make_actor(NodeIndex node);
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
