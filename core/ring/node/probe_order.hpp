// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "ring/node/member_table.hpp"
#include "ring/node/random.hpp"

namespace hab::ring {

/// Round-robin over the members in an order shuffled anew each round, newcomers at a random place of
/// the current round: every member is probed within two rounds, and nobody can foresee when.
class ProbeOrder {
public:
    void insert(Slot slot, Random& random);
    /// Called once for each slot that was inserted.
    void remove(Slot slot);
    /// The next member that `wanted` takes; nothing when a whole round has none.
    template <typename Wanted>
    [[nodiscard]] std::optional<Slot> next(Random& random, Wanted&& wanted) {
        for (std::size_t tried = 0; tried < order_.size(); ++tried) {
            if (at_ >= order_.size()) {
                random.shuffle(order_);
                at_ = 0;
            }
            const Slot slot = order_[at_++];
            if (wanted(slot)) return slot;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }

private:
    std::vector<Slot> order_;
    std::size_t at_ = 0;
};

}  // namespace hab::ring
