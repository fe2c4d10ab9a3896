// SPDX-License-Identifier: Apache-2.0
// When the health-check hook runs and what its exit code means. Pure: times go in, decisions come
// out.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "base/entropy.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

class HealthLoop {
public:
    /// Without a hook a service is OK while its process is up and CRITICAL otherwise.
    HealthLoop(bool has_hook, std::chrono::seconds interval) noexcept
        : has_hook_(has_hook), interval_(interval) {}

    /// What to do after an input.
    struct Step {
        bool run = false;                ///< run the hook now
        std::optional<SteadyTime> wait;  ///< run it at this time; replaces an earlier wait
    };

    /// The process is up (again): check at once.
    [[nodiscard]] Step started();
    /// The hook has ended.
    [[nodiscard]] Step hook_ended(const ExitStatus& status, bool timed_out, SteadyTime now,
                                  Entropy& entropy);
    /// The wait is over.
    [[nodiscard]] Step wait_over();
    /// The process is down: nothing runs until started().
    void stopped() noexcept;

    [[nodiscard]] Health health() const noexcept { return health_; }

private:
    bool has_hook_;
    std::chrono::seconds interval_;
    bool active_ = false;
    bool running_ = false;
    bool was_ok_ = false;
    Health health_ = Health::unknown;
};

/// The meaning of a health-check's end.
[[nodiscard]] Health health_of(const ExitStatus& status, bool timed_out) noexcept;

}  // namespace hab::supervisor
