// SPDX-License-Identifier: Apache-2.0
#include "ring/node/gossip.hpp"

#include <algorithm>

namespace hab::ring {

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

void Gossip::choose() {
    const auto& reachable = core_.table.reachable();
    chosen_.clear();
    if (reachable.size() <= core_.tuning().gossip_fanout) {
        chosen_ = reachable;
        return;
    }
    while (chosen_.size() < core_.tuning().gossip_fanout) {
        const Slot slot = reachable[core_.random.below(reachable.size())];
        if (std::find(chosen_.begin(), chosen_.end(), slot) == chosen_.end())
            chosen_.push_back(slot);
    }
}

bool Gossip::tell(Slot slot) {
    const Contact& contact = core_.table.contact(slot);
    const Composer::Reach reach{{contact.address, contact.swim_port}, slot};
    const PeerKind kind = core_.table.at(slot).kind;
    // Rumors ride along only to those who are known to take them: find out.
    if (kind == PeerKind::unknown && !core_.hot_rumors.empty()) {
        composer_.ping(reach);
        return false;
    }
    const bool told = composer_.news(reach);
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
