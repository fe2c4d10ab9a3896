// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "ring/node/random.hpp"
#include "ring/sim/event_queue.hpp"

namespace hab::ring::sim {

/// How the network treats datagrams now. Probabilities 0..1.
struct Weather {
    double loss = 0;
    double late = 0;  ///< share of datagrams in the tail
    Time late_most = 0;
    double twice = 0;
    double corrupt = 0;
    Time latency_least = 200;
    Time latency_most = 1000;
};

/// What is between the machines: delays, losses, cuts. Everything is drawn from one stream of
/// randomness in the order of sending.
class Network {
public:
    explicit Network(std::uint64_t seed) : random_(seed) {}

    Weather weather;
    /// When the copies of a datagram arrive after being sent, if any do.
    [[nodiscard]] std::vector<Time> deliveries(NodeIndex from, NodeIndex to);
    [[nodiscard]] Time latency();
    /// Whether bytes pass in that direction.
    [[nodiscard]] bool passes(NodeIndex from, NodeIndex to) const;
    /// Damages a datagram when the weather is bad.
    void damage(std::string& bytes);

    void cut(NodeIndex from, NodeIndex to) { cuts_.insert({from, to}); }
    void mend(NodeIndex from, NodeIndex to) { cuts_.erase({from, to}); }
    void divide(std::vector<std::uint8_t> sides) { sides_ = std::move(sides); }
    void unite() { sides_.clear(); }
    void calm();

private:
    Random random_;
    std::set<std::pair<NodeIndex, NodeIndex>> cuts_;
    std::vector<std::uint8_t> sides_;  // by node; empty: one part
};

}  // namespace hab::ring::sim
