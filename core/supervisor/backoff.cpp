// SPDX-License-Identifier: Apache-2.0
#include "supervisor/backoff.hpp"

#include <algorithm>

namespace hab::supervisor {

std::chrono::milliseconds Backoff::next(Entropy& entropy) {
    using std::chrono::milliseconds;
    ++failures_;
    if (policy_.first_at_once && failures_ == 1) return milliseconds(0);
    if (last_ < policy_.minimum) {
        last_ = policy_.minimum;
        return std::min(last_, policy_.maximum);
    }
    const auto span = static_cast<std::uint64_t>((3 * last_ - policy_.minimum).count());
    const auto jitter = static_cast<milliseconds::rep>(entropy.below(span + 1));
    last_ = std::min(policy_.maximum, policy_.minimum + milliseconds(jitter));
    return last_;
}

void Backoff::reset() noexcept {
    last_ = std::chrono::milliseconds(0);
    failures_ = 0;
}

}  // namespace hab::supervisor
