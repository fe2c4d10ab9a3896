// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ring/sim/services.hpp"

namespace hab::ring::sim {

/// What the supervisors of a plan do about what the ring tells them, hooks left out: a service waits
/// for its required binds, starts, follows the members of its binds, its group's configuration and
/// its leader.
class PlanRun {
public:
    PlanRun(Simulation& simulation, Services& services)
        : simulation_(simulation), services_(services), seen_(simulation.machines().size()) {}

    /// Told in words what happens.
    std::function<void(const std::string&)> on_news;
    /// Every supervisor looks at the ring, as it does each second.
    void look();
    /// What a supervisor of a ring at rest has not done yet.
    [[nodiscard]] std::optional<std::string> unsettled() const;

private:
    /// What a supervisor acted on.
    struct Seen {
        std::uint32_t life = 0;
        bool up = false;
        std::string waits;  // for that bind, as it was told
        std::vector<std::size_t> providers;
        std::uint64_t config = 0;
        MemberId leader;
        std::uint64_t term = 0;
    };
    void look(NodeIndex node);
    [[nodiscard]] std::size_t providers(RingNode& ring, const PlanBind& bind) const;
    void start(NodeIndex node, RingNode& ring, Seen& seen);
    void follow_binds(NodeIndex node, RingNode& ring, Seen& seen);
    void follow_group(NodeIndex node, RingNode& ring, Seen& seen);
    void tell(NodeIndex node, const std::string& what);
    [[nodiscard]] std::string name_of(const MemberId& id) const;
    [[nodiscard]] bool stand_in_lives(const PlanBind& bind) const;
    [[nodiscard]] const Plan& plan() const noexcept { return *simulation_.options().plan; }

    Simulation& simulation_;
    Services& services_;
    std::vector<Seen> seen_;
    /// What happened at this look, and to whom.
    std::vector<std::pair<std::string, std::vector<NodeIndex>>> news_;
};

}  // namespace hab::ring::sim
