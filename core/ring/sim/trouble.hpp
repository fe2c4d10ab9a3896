// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ring/sim/forger.hpp"
#include "ring/sim/watch.hpp"

namespace hab::ring::sim {

/// The faults of one run: draws what goes wrong, when, for how long, and ends all of it.
class Trouble {
public:
    Trouble(Simulation& simulation, Watch& watch, std::uint64_t seed);

    /// Told in words what happens.
    std::function<void(const std::string&)> on_news;
    /// A machine is up again, with another member if `fresh`.
    std::function<void(NodeIndex, bool fresh)> on_start;

    /// Draws weather and the like that lasts for the whole run.
    void begin();
    /// Lets something happen now; called every second or so.
    void stir();
    /// The end of all faults: what is down may stay down.
    void end();

    /// Machines that were stopped, cut off, paused or otherwise in no state to answer, ever.
    [[nodiscard]] bool harmless() const noexcept { return harmless_; }

private:
    struct Repair {
        Time at = 0;
        std::function<void()> act;
    };
    void later(Time after, std::function<void()> act);
    void due();
    void happen(Fault fault);
    void crash(NodeIndex node);
    void start_again(NodeIndex node);
    void take_over(NodeIndex node);
    void cut();
    void divide();
    void leave(NodeIndex node);
    void depart(NodeIndex node);
    void replace_departed(NodeIndex node);
    void change_addresses(NodeIndex node);
    void jump(NodeIndex node);
    void wrong_key(NodeIndex node);
    [[nodiscard]] NodeIndex any();
    [[nodiscard]] std::size_t running() const;
    void say(std::string text);

    Simulation& simulation_;
    Watch& watch_;
    Random random_;
    std::vector<Fault> chosen_;  // those that happen at moments
    std::vector<Repair> repairs_;
    std::set<NodeIndex> departed_;  // not yet replaced
    std::unique_ptr<Forger> forger_;
    double rate_ = 0;  // moments per second
    std::uint64_t seed_;
    bool divided_ = false;
    bool harmless_ = true;
};

}  // namespace hab::ring::sim
