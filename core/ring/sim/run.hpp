// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ring/sim/options.hpp"

namespace hab::ring::sim {

/// How a run with faults ended.
struct Outcome {
    std::uint64_t hash = 0;   ///< over every event: the same seed gives the same
    std::uint64_t steps = 0;  ///< of all nodes
    Time formed = 0;          ///< when all knew each other
    Time healed = 0;          ///< after the last fault, until all agreed again
    std::size_t false_alarms = 0;
    std::vector<std::string> violations;  ///< empty: every invariant held

    [[nodiscard]] bool good() const noexcept { return violations.empty(); }
};

/// Words about a moment of the run.
using Story = std::function<void(Time, const std::string&)>;

/// Forms a ring, lets faults loose on it, ends them, waits until it has healed, and watches all the
/// while: a safety run and a liveness run in one. Deterministic in its options.
[[nodiscard]] Outcome run(const Options& options, const Story& story = {});

}  // namespace hab::ring::sim
