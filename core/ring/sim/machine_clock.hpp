// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ring/node/time.hpp"

namespace hab::ring::sim {

/// A machine's idea of time: begins anywhere, runs a little fast or slow, may jump forward.
class MachineClock {
public:
    MachineClock() = default;
    /// Shows `base` at the world's `since`.
    MachineClock(Time base, std::int64_t parts_per_million, Time since) noexcept
        : base_(base), since_(since), rate_(parts_per_million) {}

    [[nodiscard]] Time local(Time world) const noexcept {
        const auto passed = static_cast<std::int64_t>(world - since_);
        return base_ + static_cast<Time>(passed + passed / 1'000'000 * rate_ +
                                         passed % 1'000'000 * rate_ / 1'000'000);
    }
    /// The earliest world time, not before `now`, at which local() is at least `wanted`.
    [[nodiscard]] Time world(Time wanted, Time now) const noexcept {
        if (wanted == never) return never;
        const Time here = local(now);
        if (wanted <= here) return now;
        const auto left = static_cast<std::int64_t>(wanted - here);
        return now + static_cast<Time>(left - left * rate_ / 1'000'000) + 1;
    }
    void jump(Time forward) noexcept { base_ += forward; }

private:
    Time base_ = 0;
    Time since_ = 0;
    std::int64_t rate_ = 0;
};

}  // namespace hab::ring::sim
