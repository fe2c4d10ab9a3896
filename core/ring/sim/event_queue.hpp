// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <vector>

#include "ring/address.hpp"
#include "ring/node/time.hpp"

namespace hab::ring::sim {

using NodeIndex = std::uint32_t;

enum class HappeningKind : std::uint8_t {
    wake,      ///< a node's own timer
    datagram,  ///< arrives at a node
    stream,    ///< a stream message arrives at a node
    result,    ///< a node learns how its stream ended
};

struct Happening {
    HappeningKind kind = HappeningKind::wake;
    NodeIndex node = 0;
    /// Which life of the node it is for: what was sent to a process that died dies with it.
    std::uint32_t life = 0;
    Endpoint from = {};
    std::uint64_t number = 0;
    bool ok = false;
    std::string bytes = {};
};

/// What is to happen, in the order of time and then of being scheduled.
class EventQueue {
public:
    void schedule(Time at, Happening happening);
    [[nodiscard]] bool empty() const noexcept { return order_.empty(); }
    [[nodiscard]] Time next_time() const noexcept { return order_.top().at; }
    /// The next one; its time is next_time() before the call.
    [[nodiscard]] Happening pop();

private:
    // The heap moves small entries; the happenings stay where they are.
    struct Entry {
        Time at = 0;
        std::uint64_t sequence = 0;
        std::uint32_t place = 0;
        bool operator<(const Entry& other) const noexcept {
            if (at != other.at) return at > other.at;
            return sequence > other.sequence;
        }
    };
    std::priority_queue<Entry> order_;
    std::vector<Happening> pool_;
    std::vector<std::uint32_t> free_;
    std::uint64_t sequence_ = 0;
};

}  // namespace hab::ring::sim
