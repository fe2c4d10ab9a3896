// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/entropy.hpp"

namespace hab::supervisor {

struct BackoffPolicy {
    std::chrono::milliseconds minimum{1000};
    std::chrono::milliseconds maximum{60'000};
    /// The first failure since the last reset costs nothing: one crash of a healthy service should
    /// not be seen by its users. Off when the operator gave explicit times, which then hold as
    /// upstream.
    bool first_at_once = true;
};

/// Where a Backoff stands; for one that goes on in another process.
struct BackoffState {
    unsigned failures = 0;
    std::chrono::milliseconds last_wait{0};
};

/// Waits between restarts: "decorrelated jitter", each random between the minimum and three times
/// the one before, never above the maximum. A value type.
class Backoff {
public:
    explicit Backoff(BackoffPolicy policy) noexcept : policy_(policy) {}

    /// The next wait.
    [[nodiscard]] std::chrono::milliseconds next(Entropy& entropy);
    /// Starts over, after a success.
    void reset() noexcept;
    /// Failures since the last reset.
    [[nodiscard]] unsigned failures() const noexcept { return state_.failures; }
    [[nodiscard]] const BackoffState& state() const noexcept { return state_; }
    void restore(const BackoffState& state) noexcept { state_ = state; }

private:
    BackoffPolicy policy_;
    BackoffState state_;
};

}  // namespace hab::supervisor
