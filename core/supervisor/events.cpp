// SPDX-License-Identifier: Apache-2.0
#include "supervisor/events.hpp"

#include <utility>
#include <vector>

namespace hab::supervisor {

EventStream::Subscription::Subscription(Subscription&& other) noexcept
    : stream_(std::exchange(other.stream_, nullptr)), id_(other.id_) {}

EventStream::Subscription& EventStream::Subscription::operator=(Subscription&& other) noexcept {
    if (this != &other) {
        reset();
        stream_ = std::exchange(other.stream_, nullptr);
        id_ = other.id_;
    }
    return *this;
}

void EventStream::Subscription::reset() noexcept {
    if (stream_ == nullptr) return;
    std::erase_if(stream_->readers_, [this](const Reader& reader) { return reader.id == id_; });
    stream_ = nullptr;
}

EventStream::Subscription EventStream::subscribe(Callback callback) {
    const auto id = next_reader_++;
    readers_.push_back({id, std::make_shared<Callback>(std::move(callback))});
    return Subscription(this, id);
}

std::uint64_t EventStream::publish(EventBody body, std::uint64_t cause) {
    const auto generation = ++generation_;
    queue_.push_back(Event{generation, clock_.wall(), std::move(body), cause});
    if (delivering_) return generation;  // the delivery under way takes it in its turn
    delivering_ = true;
    struct Reset {
        bool& flag;
        ~Reset() { flag = false; }
    } const reset{delivering_};
    while (!queue_.empty()) {
        const Event event = std::move(queue_.front());
        queue_.pop_front();
        deliver(event);
    }
    return generation;
}

void EventStream::deliver(const Event& event) {
    // By id and not by iterator: a callback may end any subscription, its own too.
    std::vector<std::uint64_t> ids;
    ids.reserve(readers_.size());
    for (const auto& reader : readers_)
        ids.push_back(reader.id);
    for (const auto id : ids) {
        for (const auto& reader : readers_) {
            if (reader.id != id) continue;
            const auto callback = reader.callback;
            (*callback)(event);
            break;
        }
    }
}

}  // namespace hab::supervisor
