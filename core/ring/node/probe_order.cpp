// SPDX-License-Identifier: Apache-2.0
#include "ring/node/probe_order.hpp"

#include <algorithm>

namespace hab::ring {

void ProbeOrder::insert(Slot slot, Random& random) {
    // Swapping instead of shifting keeps a join storm linear; the order is random anyhow.
    order_.push_back(slot);
    const std::size_t place =
        at_ >= order_.size() - 1 ? order_.size() - 1 : at_ + random.below(order_.size() - at_);
    std::swap(order_[place], order_.back());
}

void ProbeOrder::remove(Slot slot) {
    const auto found = std::find(order_.begin(), order_.end(), slot);
    if (found == order_.end()) return;
    const auto place = static_cast<std::size_t>(found - order_.begin());
    order_.erase(found);
    if (place < at_) --at_;
}

}  // namespace hab::ring
