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
    /// Somebody at random, if possible one who takes what there is.
    [[nodiscard]] Slot pick();
    [[nodiscard]] Composer::Reach reach(Slot slot) const;
    /// Whether any news went to it.
    bool tell(Slot slot);
    bool stream_large(Slot slot);
    void drop_untellable();

    Core& core_;
    Composer& composer_;
    std::vector<Slot> chosen_;
    Time last_ = 0;
    bool fruitless_ = false;  // nobody took anything last time
};

}  // namespace hab::ring
