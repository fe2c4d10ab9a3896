// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ring/sim/simulation.hpp"

namespace hab::ring::sim {

/// Watches a run and writes down what must never happen.
class Watch {
public:
    explicit Watch(Simulation& simulation);

    /// The group's population changes from now on (members leave or come): that two leaders of one
    /// term cannot be is promised only while it does not.
    void population_changes() noexcept { population_fixed_ = false; }
    /// Nobody alive may be confirmed in this run.
    void nobody_is_cut_off() noexcept { no_false_alarm_ = true; }
    /// An operator departs it: that it goes is as it should be.
    void departed(const MemberId& id) { departed_.insert(id); }
    /// The node starts from an older state than it had: its beliefs may go back once.
    void starts_anew(NodeIndex node) {
        beliefs_.erase(node);
        buried_.erase(node);
    }
    /// Its own incarnation may go back, too: the disk was put back.
    void incarnation_lost(const MemberId& id) { spoken_.erase(id); }

    void violation(std::string text);
    [[nodiscard]] const std::vector<std::string>& violations() const noexcept {
        return violations_;
    }
    /// Live members of ours that were confirmed by somebody.
    [[nodiscard]] std::size_t false_alarms() const noexcept { return false_alarms_; }

private:
    void event(NodeIndex node, const Event& event);
    void member_changed(NodeIndex node, const Event& event);
    void refused(const Event& event);
    void leader_changed(NodeIndex node, const Event& event);
    void datagram(NodeIndex from, NodeIndex to, std::string_view bytes);

    Simulation& simulation_;
    bool population_fixed_ = true;
    bool no_false_alarm_ = false;
    std::set<MemberId> departed_;
    std::map<MemberId, std::uint64_t> spoken_;   // highest incarnation a member said of itself
    std::map<MemberId, std::uint64_t> highest_;  // and ever said, whatever was lost since
    std::map<NodeIndex, std::map<MemberId, std::pair<std::uint64_t, Health>>> beliefs_;
    /// Departed by a rumor that the node has, and since which step of the simulation.
    std::map<NodeIndex, std::map<MemberId, std::uint64_t>> buried_;
    std::map<std::pair<std::string, std::uint64_t>, MemberId> leaders_;
    std::vector<std::string> violations_;
    std::size_t false_alarms_ = 0;
    Swim swim_;
};

}  // namespace hab::ring::sim
