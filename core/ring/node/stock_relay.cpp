// SPDX-License-Identifier: Apache-2.0
#include "ring/node/stock_relay.hpp"

#include <algorithm>

#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

/// Services first: what names them comes after them on the same connection.
int turn_of(RumorKind kind) noexcept {
    switch (kind) {
        case RumorKind::service:
            return 0;
        case RumorKind::election:
        case RumorKind::election_update:
            return 2;
        default:
            return 1;
    }
}

}  // namespace

bool StockRelay::mine(Slot stock) const {
    // The highest hashes of relay and receiver together: no agreement needed, little moves when
    // members come and go.
    const MemberId& receiver = core_.table.id(stock);
    const std::uint64_t weight = hash_of(core_.config.id, hash_of(receiver));
    unsigned better = 0;
    for (const Slot slot : core_.table.reachable()) {
        const MemberEntry& entry = core_.table.at(slot);
        if (entry.kind != PeerKind::own || entry.health != Health::alive) continue;
        if (hash_of(core_.table.id(slot), hash_of(receiver)) > weight) ++better;
        if (better >= core_.tuning().stock_relays) return false;
    }
    return true;
}

bool StockRelay::leader_is_known(const RumorKey& key, const HeldRumor& held) const {
    Rumor rumor;
    if (decode_rumor(*held.bytes, rumor) != Refusal::none) return false;
    const auto& election = std::get<ElectionRumor>(rumor.body);
    if (election.status != ElectionStatus::finished) return true;
    return core_.rumors.find({RumorKind::service, key.group, election.candidate, {}}) != nullptr;
}

void StockRelay::deliver(Slot stock, Delivery& delivery) {
    std::vector<std::pair<int, const std::string*>> due;
    delivery.offered = core_.rumors.changes();
    for (const auto& [key, held] : core_.rumors.all()) {
        if (held.change <= delivery.done) continue;
        if (turn_of(key.kind) == 2 && !leader_is_known(key, held)) {
            delivery.offered = std::min(delivery.offered, held.change - 1);
            continue;
        }
        due.emplace_back(turn_of(key.kind), held.bytes.get());
    }
    std::stable_sort(due.begin(), due.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    SendStream stream;
    if (!delivery.members_told) {
        const std::string from = core_.config.id.to_string();
        for (const Slot slot : core_.table.reachable()) {
            const Membership record = core_.table.record(slot);
            if (slot == stock || !safe_for_stock(record.member)) continue;
            Rumor rumor;
            rumor.kind = RumorKind::member;
            rumor.from = from;
            rumor.body = record;
            stream.messages.push_back(encoded(rumor));
        }
    }
    for (const auto& [turn, bytes] : due)
        stream.messages.push_back(*bytes);
    if (stream.messages.empty()) {
        delivery.done = delivery.offered;
        delivery.members_told = true;
        return;
    }
    const Contact& contact = core_.table.contact(stock);
    stream.stream = core_.next_stream++;
    stream.peer = core_.table.id(stock);
    stream.to = {contact.address, contact.gossip_port};
    delivery.stream = stream.stream;
    core_.outputs->push_back(std::move(stream));
}

void StockRelay::tick() {
    if (core_.silent() || core_.now < next_ || core_.table.stock_alive() == 0) return;
    next_ = core_.now + seconds(1);
    for (const Slot slot : core_.table.reachable()) {
        if (core_.table.at(slot).kind != PeerKind::stock) continue;
        Delivery& delivery = deliveries_[core_.table.id(slot)];
        const bool behind = delivery.done < core_.rumors.changes() || !delivery.members_told;
        if (!behind || delivery.stream != 0 || core_.now < delivery.not_before) continue;
        if (mine(slot)) deliver(slot, delivery);
    }
}

void StockRelay::result(std::uint64_t stream, bool ok) {
    for (auto& [id, delivery] : deliveries_) {
        if (delivery.stream != stream) continue;
        delivery.stream = 0;
        if (ok) {
            delivery.done = delivery.offered;
            delivery.members_told = true;
        } else {
            delivery.not_before = core_.now + seconds(5);
        }
        return;
    }
}

}  // namespace hab::ring
