// SPDX-License-Identifier: Apache-2.0
// The clock as a seam: production code asks a Clock, tests turn a FakeClock by hand.
#pragma once

#include <chrono>
#include <string>

namespace hab {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
public:
    virtual ~Clock() = default;
    /// Monotonic; for intervals and deadlines.
    [[nodiscard]] virtual SteadyTime now() const noexcept = 0;
    /// Wall time in UTC; for stamps that people and files see.
    [[nodiscard]] virtual WallTime wall() const noexcept = 0;
};

/// The machine's clocks. Thread-safe.
class SystemClock final : public Clock {
public:
    [[nodiscard]] SteadyTime now() const noexcept override;
    [[nodiscard]] WallTime wall() const noexcept override;
};

/// A clock that stands still until told otherwise. Not thread-safe.
class FakeClock final : public Clock {
public:
    [[nodiscard]] SteadyTime now() const noexcept override { return now_; }
    [[nodiscard]] WallTime wall() const noexcept override { return wall_; }
    void advance(std::chrono::milliseconds by) noexcept {
        now_ += by;
        wall_ += by;
    }
    void set_wall(WallTime wall) noexcept { wall_ = wall; }

private:
    SteadyTime now_{};
    WallTime wall_{};
};

/// UTC as the 14 digits YYYYMMDDHHMMSS of releases and key revisions.
[[nodiscard]] std::string compact_utc(WallTime time);
/// UTC as RFC 3339 with seconds, "2026-01-31T12:00:00Z".
[[nodiscard]] std::string rfc3339_utc(WallTime time);
/// SOURCE_DATE_EPOCH (reproducible-builds.org) if the environment has a valid one, else the clock's time.
/// Throws Error(invalid_input) when the variable is set but is not a number of seconds.
[[nodiscard]] WallTime source_date(const Clock& clock);

}  // namespace hab
