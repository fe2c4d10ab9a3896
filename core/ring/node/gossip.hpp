// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ring/node/composer.hpp"

namespace hab::ring {

/// Tells news to a few members at random: fresh news at once, and then each period until everything
/// was told as often as the budget says.
class Gossip {
public:
    Gossip(Core& core, Composer& composer) : core_(core), composer_(composer) {}

    void tick();
    [[nodiscard]] Time next() const noexcept;

private:
    [[nodiscard]] bool anything() const noexcept;
    [[nodiscard]] bool fresh() const noexcept;
    void choose();
    void tell(Slot slot);
    void stream_large(Slot slot);

    Core& core_;
    Composer& composer_;
    std::vector<Slot> chosen_;
    Time last_ = 0;
};

}  // namespace hab::ring
