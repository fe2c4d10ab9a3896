// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "ring/node/time.hpp"

namespace hab::ring {

/// How much this node distrusts itself (Lifeguard): 0 when its own probes succeed, more when they
/// fail, when it has to refute, when it stood still. Its waits are stretched by it.
class LocalHealth {
public:
    explicit LocalHealth(unsigned most) noexcept : most_(most) {}
    void worse(unsigned by = 1) noexcept { score_ = std::min(most_, score_ + by); }
    void better() noexcept { score_ -= score_ != 0 ? 1 : 0; }
    [[nodiscard]] unsigned score() const noexcept { return score_; }
    [[nodiscard]] Time stretch(Time wait) const noexcept { return wait * (score_ + 1); }

private:
    unsigned most_;
    unsigned score_ = 0;
};

}  // namespace hab::ring
