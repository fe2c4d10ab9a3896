// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ring/sim/simulation.hpp"

namespace hab::ring::sim {

/// What the simulated supervisors run: each one service, in groups of a few; the first group elects
/// a leader.
class Services {
public:
    explicit Services(Simulation& simulation) : simulation_(simulation) {}

    /// Every running node tells of its service.
    void declare();
    void start_elections();
    /// A node is up again: it tells of its service as a supervisor does, and stands for election.
    void started(NodeIndex node, bool fresh);
    /// An operator applies a configuration at some node.
    void change_config();

    /// A rumor that a live node lacks.
    [[nodiscard]] std::optional<std::string> missing();
    /// Whether the first group has quorum and yet no leader that all its live members agree on.
    [[nodiscard]] std::optional<std::string> leaderless();

    /// A node's service runs: it tells so.
    void initialized(NodeIndex node);
    /// The configuration that was applied last.
    [[nodiscard]] std::uint64_t config() const noexcept { return config_; }
    /// An encoded service rumor.
    [[nodiscard]] std::string service(NodeIndex node, std::uint64_t incarnation,
                                      bool up = false) const;

private:
    void declare(NodeIndex node, bool up);
    [[nodiscard]] std::string exports(NodeIndex node) const;
    [[nodiscard]] bool elects(NodeIndex node) const;

    Simulation& simulation_;
    std::uint64_t config_ = 0;
    bool elections_ = false;
};

}  // namespace hab::ring::sim
