// SPDX-License-Identifier: Apache-2.0
#include "ring/node/gossip.hpp"

#include <algorithm>

namespace hab::ring {
namespace {

constexpr unsigned most_tries = 16;  // to find somebody at random who takes the news

}  // namespace

bool Gossip::anything() const noexcept {
    return core_.self_news != 0 || !core_.hot_members.empty() || !core_.hot_rumors.empty() ||
           !core_.hot_accusations.empty();
}

bool Gossip::fresh() const noexcept {
    return core_.hot_members.fresh() || core_.hot_rumors.fresh() || core_.hot_accusations.fresh() ||
           core_.self_news == core_.budget();
}

Time Gossip::next() const noexcept {
    if (core_.silent() || !anything() || core_.table.reachable().empty()) return never;
    // Fresh news waits only for company, not for the period: it crosses the ring in a few hops.
    // If nobody took any of it, because nobody of ours is there or known yet, that can wait too.
    const bool hurry = fresh() && !fruitless_;
    return last_ + (hurry ? core_.tuning().gossip_batch : core_.tuning().gossip_period);
}

Slot Gossip::pick() {
    const auto& reachable = core_.table.reachable();
    const auto any = [&] { return reachable[core_.random.below(reachable.size())]; };
    const Slot slot = any();
    if (core_.hot_rumors.empty() || core_.table.at(slot).kind != PeerKind::unknown) return slot;
    // Rumors ride along only to those who are known to take them. In a ring that is larger than a
    // node is old, most are not: this one is asked what it is, and the news goes to another.
    for (unsigned tries = 0; tries < most_tries; ++tries) {
        const Slot other = any();
        if (core_.table.at(other).kind != PeerKind::own) continue;
        composer_.ping(reach(slot));
        return other;
    }
    return slot;
}

void Gossip::choose() {
    const auto& reachable = core_.table.reachable();
    chosen_.clear();
    if (reachable.size() <= core_.tuning().gossip_fanout) {
        chosen_ = reachable;
        return;
    }
    for (unsigned tries = 0; tries < most_tries && chosen_.size() < core_.tuning().gossip_fanout;
         ++tries) {
        const Slot slot = pick();
        if (std::find(chosen_.begin(), chosen_.end(), slot) == chosen_.end())
            chosen_.push_back(slot);
    }
}

Composer::Reach Gossip::reach(Slot slot) const {
    const Contact& contact = core_.table.contact(slot);
    return {{contact.address, contact.swim_port}, slot};
}

bool Gossip::tell(Slot slot) {
    const PeerKind kind = core_.table.at(slot).kind;
    if (kind == PeerKind::unknown && !core_.hot_rumors.empty()) {
        composer_.ping(reach(slot));
        return false;
    }
    const bool told = composer_.news(reach(slot));
    return (kind == PeerKind::own && stream_large(slot)) || told;
}

bool Gossip::stream_large(Slot slot) {
    if (core_.hot_rumors.empty()) return false;
    SendStream stream;
    core_.hot_rumors.offer(core_.budget(), 8, [&](const RumorKey& key) {
        const HeldRumor* held = core_.rumors.find(key);
        if (held == nullptr || held->bytes->size() <= core_.tuning().ride_along_most) return false;
        if (stream.messages.size() >= core_.tuning().stream_batch) return false;
        stream.messages.push_back(*held->bytes);
        return true;
    });
    if (stream.messages.empty()) return false;
    const Contact& contact = core_.table.contact(slot);
    stream.stream = core_.next_stream++;
    stream.peer = core_.table.id(slot);
    stream.to = {contact.address, contact.gossip_port};
    core_.outputs->push_back(std::move(stream));
    return true;
}

void Gossip::drop_untellable() {
    // Only peers of ours take these; where there are none, the relay and later repair do it.
    if (core_.table.stock_alive() != core_.table.reachable().size()) return;
    core_.hot_rumors.clear();
    core_.hot_accusations.clear();
}

void Gossip::tick() {
    if (next() > core_.now) return;
    last_ = core_.now;
    drop_untellable();
    choose();
    fruitless_ = true;
    for (const Slot slot : chosen_)
        if (tell(slot)) fruitless_ = false;
}

}  // namespace hab::ring
