// SPDX-License-Identifier: Apache-2.0
#include "supervisor/backoff.hpp"

#include <algorithm>

namespace hab::supervisor {

std::chrono::milliseconds Backoff::next(Entropy& entropy) {
    using std::chrono::milliseconds;
    ++state_.failures;
    auto& last = state_.last_wait;
    if (policy_.first_at_once && state_.failures == 1) return milliseconds(0);
    if (last < policy_.minimum) {
        last = policy_.minimum;
        return std::min(last, policy_.maximum);
    }
    const auto span = static_cast<std::uint64_t>((3 * last - policy_.minimum).count());
    const auto jitter = static_cast<milliseconds::rep>(entropy.below(span + 1));
    last = std::min(policy_.maximum, policy_.minimum + milliseconds(jitter));
    return last;
}

void Backoff::reset() noexcept {
    state_ = {};
}

}  // namespace hab::supervisor
