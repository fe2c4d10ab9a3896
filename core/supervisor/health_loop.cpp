// SPDX-License-Identifier: Apache-2.0
#include "supervisor/health_loop.hpp"

#include <algorithm>

namespace hab::supervisor {

Health health_of(const ExitStatus& status, bool timed_out) noexcept {
    if (timed_out || status.signal != 0) return Health::unknown;
    switch (status.code) {
        case 0:
            return Health::ok;
        case 1:
            return Health::warning;
        case 2:
            return Health::critical;
        default:
            return Health::unknown;
    }
}

HealthLoop::Step HealthLoop::started() {
    active_ = true;
    was_ok_ = false;
    if (!has_hook_) {
        health_ = Health::ok;
        return {};
    }
    return wait_over();
}

HealthLoop::Step HealthLoop::wait_over() {
    // One check at a time: the end of the running one sets the next wait.
    if (!active_ || running_) return {};
    running_ = true;
    return {.run = true, .wait = std::nullopt};
}

HealthLoop::Step HealthLoop::hook_ended(const ExitStatus& status, bool timed_out, SteadyTime now,
                                        Entropy& entropy) {
    running_ = false;
    if (!active_) return {};
    health_ = health_of(status, timed_out);
    std::chrono::milliseconds wait = interval_;
    if (health_ != Health::ok) {
        wait = std::min<std::chrono::milliseconds>(wait, std::chrono::seconds(30));
        was_ok_ = false;
    } else if (!was_ok_) {
        // Services started together would otherwise be checked together for ever.
        was_ok_ = true;
        wait = std::chrono::milliseconds(
            static_cast<long>(entropy.below(static_cast<std::uint64_t>(wait.count()) + 1)));
    }
    return {.run = false, .wait = now + wait};
}

void HealthLoop::stopped() noexcept {
    active_ = false;
    was_ok_ = false;
    health_ = has_hook_ ? Health::unknown : Health::critical;
}

}  // namespace hab::supervisor
