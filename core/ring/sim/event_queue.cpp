// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/event_queue.hpp"

#include <utility>

namespace hab::ring::sim {

void EventQueue::schedule(Time at, Happening happening) {
    std::uint32_t place = 0;
    if (free_.empty()) {
        place = static_cast<std::uint32_t>(pool_.size());
        pool_.push_back(std::move(happening));
    } else {
        place = free_.back();
        free_.pop_back();
        pool_[place] = std::move(happening);
    }
    order_.push({at, ++sequence_, place});
}

Happening EventQueue::pop() {
    const std::uint32_t place = order_.top().place;
    order_.pop();
    free_.push_back(place);
    return std::move(pool_[place]);
}

}  // namespace hab::ring::sim
