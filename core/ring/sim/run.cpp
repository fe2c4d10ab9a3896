// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ring/codec/codec.hpp"
#include "ring/sim/plan_run.hpp"
#include "ring/sim/trouble.hpp"

namespace hab::ring::sim {
namespace {

constexpr Time step = milliseconds(500);
// A lost member is tried again every ten seconds by everybody; a ring that fell apart is whole after
// one of those tries, some gossip and one exchange of each with another.
constexpr Time form_limit = seconds(120);
constexpr Time heal_limit = seconds(300);

class Run {
public:
    Run(const Options& options, const Story& story)
        : simulation_(options),
          watch_(simulation_),
          trouble_(simulation_, watch_, options.seed),
          services_(simulation_),
          story_(story) {
        trouble_.on_news = [this](const std::string& text) { say(text); };
        trouble_.on_start = [this](NodeIndex node, bool fresh) { services_.started(node, fresh); };
        if (!options.plan) return;
        plan_.emplace(simulation_, services_);
        plan_->on_news = [this](const std::string& text) { say(text); };
    }

    Outcome go() {
        form();
        if (watch_.violations().empty()) {
            trouble_.begin();
            if (trouble_.harmless() && simulation_.options().stock == 0) watch_.nobody_is_cut_off();
            const Time end = simulation_.now() + simulation_.options().duration;
            while (simulation_.now() < end) {
                trouble_.stir();
                pass(seconds(1));
            }
            trouble_.end();
            heal();
        }
        outcome_.hash = simulation_.hash();
        outcome_.steps = simulation_.steps();
        outcome_.violations = watch_.violations();
        outcome_.false_alarms = watch_.false_alarms();
        return outcome_;
    }

private:
    void say(const std::string& text) {
        if (story_) story_(simulation_.now(), text);
    }

    void form() {
        const std::size_t nodes = simulation_.machines().size();
        simulation_.network().weather.loss = simulation_.options().loss;
        if (simulation_.options().preloaded) {
            simulation_.introduce_everybody();
        } else {
            for (NodeIndex node = 0; node < nodes; ++node) {
                simulation_.start(node);
                simulation_.run_until(simulation_.now() + milliseconds(50));
            }
        }
        services_.declare();
        if (!wait(form_limit, false)) {
            watch_.violation("the ring did not form: " + disagreement(false).value_or("?"));
            return;
        }
        services_.start_elections();
        if (!wait(form_limit, true)) {
            watch_.violation("no leader in a healthy ring: " + disagreement(true).value_or("?"));
            return;
        }
        outcome_.formed = simulation_.now();
        say("all know each other");
        if (!plan_) return;
        services_.change_config();
        if (!wait(form_limit, true))
            watch_.violation("news did not arrive: " + disagreement(true).value_or("?"));
    }

    void heal() {
        const Time from = simulation_.now();
        if (!wait(heal_limit, true)) {
            watch_.violation("the ring did not heal: " + disagreement(true).value_or("?"));
            return;
        }
        outcome_.healed = simulation_.now() - from;
        say("all agree");
        services_.change_config();
        if (!wait(seconds(60), true))
            watch_.violation("news did not arrive: " + disagreement(true).value_or("?"));
    }

    void pass(Time time) {
        simulation_.run_until(simulation_.now() + time);
        if (plan_) plan_->look();
    }

    bool wait(Time limit, bool leaders) {
        const Time end = simulation_.now() + limit;
        while (simulation_.now() < end) {
            pass(step);
            if (!disagreement(leaders)) return true;
        }
        return false;
    }

    /// What is not as it should be in a ring at rest.
    std::optional<std::string> disagreement(bool leaders) {
        std::optional<std::pair<NodeIndex, std::uint64_t>> first;
        const auto& machines = simulation_.machines();
        for (NodeIndex node = 0; node < machines.size(); ++node) {
            const Machine& machine = machines[node];
            if (machine.actor == nullptr || machine.stock) continue;
            for (NodeIndex other = 0; other < machines.size(); ++other) {
                if (machines[other].actor != nullptr &&
                    !machine.actor->believes_alive(machines[other].id))
                    return fmt::format("node {} does not believe that {} lives", node, other);
            }
            const std::uint64_t hash = machine.actor->ring()->state_hash();
            if (!first) first = {node, hash};
            if (first->second != hash)
                return fmt::format("nodes {} and {} know different things", first->first, node);
        }
        if (const auto missing = services_.missing()) return missing;
        if (plan_)
            if (auto todo = plan_->unsettled()) return todo;
        return leaders ? services_.leaderless() : std::nullopt;
    }

    Simulation simulation_;
    Watch watch_;
    Trouble trouble_;
    Services services_;
    std::optional<PlanRun> plan_;
    const Story& story_;
    Outcome outcome_;
};

}  // namespace

Outcome run(const Options& options, const Story& story) {
    return Run(options, story).go();
}

}  // namespace hab::ring::sim
