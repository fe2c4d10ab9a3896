// SPDX-License-Identifier: Apache-2.0
#include "ring/node/stock_relay.hpp"

#include <algorithm>
#include <iterator>

#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

bool is_election(RumorKind kind) noexcept {
    return kind == RumorKind::election || kind == RumorKind::election_update;
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

bool StockRelay::add_election(const RumorKey& key, const HeldRumor& held,
                              std::vector<std::string>& messages) const {
    Rumor rumor;
    if (decode_rumor(*held.bytes, rumor) != Refusal::none) return true;
    const auto& election = std::get<ElectionRumor>(rumor.body);
    if (election.status == ElectionStatus::finished) {
        // Told before or not: it may have forgotten. Ahead, and on the same connection.
        const HeldRumor* service =
            core_.rumors.find({RumorKind::service, key.group, election.candidate, {}});
        if (service == nullptr) return false;
        messages.push_back(*service->bytes);
    }
    messages.push_back(*held.bytes);
    return true;
}

void StockRelay::add_members(Slot stock, std::vector<std::string>& messages) const {
    const std::string from = core_.config.id.to_string();
    for (const Slot slot : core_.table.reachable()) {
        const Membership record = core_.table.record(slot);
        if (slot == stock || !safe_for_stock(record.member)) continue;
        Rumor rumor;
        rumor.kind = RumorKind::member;
        rumor.from = from;
        rumor.body = record;
        messages.push_back(encoded(rumor));
    }
}

void StockRelay::deliver(Slot stock, Delivery& delivery) {
    SendStream stream;
    if (!delivery.members_told) add_members(stock, stream.messages);
    delivery.offered = core_.rumors.changes();
    std::vector<std::string> elections;
    for (const auto& [key, held] : core_.rumors.all()) {
        if (held.change <= delivery.done) continue;
        if (!is_election(key.kind)) {
            stream.messages.push_back(*held.bytes);
        } else if (!add_election(key, held, elections)) {
            delivery.offered = std::min(delivery.offered, held.change - 1);
        }
    }
    std::move(elections.begin(), elections.end(), std::back_inserter(stream.messages));
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
