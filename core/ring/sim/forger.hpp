// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ring/sim/simulation.hpp"
#include "ring/strict.hpp"

namespace hab::ring::sim {

/// Somebody on the network of a strict ring who has the ring's key and an identity that is nobody's:
/// sends what was said again, to its receiver and to others; says it without signatures; and invents
/// members' deaths, services, configurations, leaders and departures, signed by himself or with
/// signatures of something else.
class Forger {
public:
    Forger(Simulation& simulation, std::uint64_t seed);

    /// The operator departs that member: word of it is true.
    void departed(const MemberId& id) { departed_.insert(id); }
    /// One attempt.
    void act();
    /// How many it made.
    [[nodiscard]] std::size_t attempts() const noexcept { return attempts_; }
    /// What some node believes of it, in words.
    [[nodiscard]] std::optional<std::string> believed() const;

private:
    struct Said {
        NodeIndex to = 0;
        Endpoint from;
        std::string bytes;
        bool stream = false;
    };
    void remember(NodeIndex from, NodeIndex to, std::string_view bytes, bool stream);
    [[nodiscard]] const Said* any_said();
    [[nodiscard]] NodeIndex any_node();
    void say_again();
    void say_unsigned();
    void damage();
    void slander();
    void invent_rumor();
    [[nodiscard]] std::string forged_rumor(const MemberId& victim);
    /// As the forger's own, with a signature of something else, or without any.
    void pretend_signature(std::string& rumor);

    Simulation& simulation_;
    Random random_;
    std::shared_ptr<const StrictRing> nobody_;
    std::vector<Said> said_;  // what it overheard; old things are kept as long as new ones
    std::set<MemberId> departed_;
    std::size_t overheard_ = 0;
    std::size_t attempts_ = 0;
};

}  // namespace hab::ring::sim
