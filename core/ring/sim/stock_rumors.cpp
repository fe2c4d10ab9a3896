// SPDX-License-Identifier: Apache-2.0
// The model's rumors and heat.
#include <algorithm>

#include "ring/sim/stock_actor.hpp"

namespace hab::ring::sim {
namespace {

constexpr Time push_period = seconds(1);
constexpr std::size_t fanout = 5;
constexpr unsigned share_limit = 2;

}  // namespace

bool StockActor::has(const RumorKey& key, std::uint64_t version) const {
    if (key.kind == RumorKind::departure) return departures_.contains(key.member);
    if (const auto election = elections_.find(key); election != elections_.end())
        return election->second.term >= version;
    const auto found = texts_.find(key);
    return found != texts_.end() && found->second.version >= version;
}

void StockActor::take_stream(std::string_view bytes) {
    Rumor rumor;
    RumorHead head;
    if (decode_rumor(bytes, rumor) != Refusal::none ||
        decode_rumor_head(bytes, head) != Refusal::none)
        return;
    if (rumor.kind == RumorKind::member) return heard(std::get<Membership>(rumor.body));
    const RumorKey key = key_of(head);
    if (const auto* election = std::get_if<ElectionRumor>(&rumor.body))
        return take_election(key, *election);
    if (rumor.kind == RumorKind::departure) {
        if (!departures_.insert(key.member).second) return;
        if (const auto found = members_.find(key.member); found != members_.end())
            set_health(found->second, Health::departed);
    } else if (const auto found = texts_.find(key);
               found != texts_.end() && found->second.version >= head.version) {
        return;
    }
    texts_[key] = {head.version, std::string(bytes)};
    outputs_->push_back(Persist{{StateKind::rumor, 0, std::string(bytes)}, false});
    heat(key);
}

void StockActor::take_election(const RumorKey& key, const ElectionRumor& rumor) {
    const Election heard = owned(rumor);
    if (heard.status == ElectionStatus::finished &&
        !texts_.contains({RumorKind::service, key.group, heard.candidate, {}})) {
        Event event;
        event.kind = EventKind::refused;
        event.group = teller_.to_string();
        event.text = "a stock node was told of a leader whose service it does not know";
        outputs_->push_back(std::move(event));
        return;
    }
    const auto [place, added] = elections_.try_emplace(key, heard);
    if (!added && !merge_as_stock(place->second, heard)) return;
    texts_[key] = {place->second.term, encoded(place->second, key.kind, key.group)};
    heat(key);
}

void StockActor::heat(const RumorKey& key) {
    heats_[key] = Heat{};
}

void StockActor::heat_for(const MemberId& newcomer) {
    for (auto& [key, heat] : heats_)
        if (heat.restricted) heat.told.emplace(newcomer, 0);
}

bool StockActor::hot_for(const Heat& heat, const MemberId& peer, unsigned& told) const {
    const auto found = heat.told.find(peer);
    if (found == heat.told.end()) {
        told = 0;
        return !heat.restricted;
    }
    told = found->second;
    return told < share_limit;
}

void StockActor::count(const RumorKey& key, const MemberId& peer) {
    Heat& heat = heats_[key];
    ++heat.told[peer];
    if (heat.told.size() < members_.size()) return;
    const bool done = std::all_of(heat.told.begin(), heat.told.end(),
                                  [](const auto& told) { return told.second >= share_limit; });
    if (done) heat = Heat{true, {}};
}

void StockActor::push() {
    if (now_ < push_at_) return;
    push_at_ = now_ + push_period;
    if (push_round_.empty()) {
        for (const auto& [id, entry] : members_)
            push_round_.push_back(id);
        random_.shuffle(push_round_);
    }
    for (std::size_t i = 0; i < fanout && !push_round_.empty(); ++i) {
        const auto found = members_.find(push_round_.back());
        push_round_.pop_back();
        if (found != members_.end() && pingable(found->second)) push_to(found->second);
    }
}

void StockActor::push_to(const Entry& peer) {
    const MemberId& id = peer.record.member.id;
    SendStream stream;
    std::vector<RumorKey> told;
    const std::string from = config_.id.to_string();
    for (const auto& [key, heat] : heats_) {
        unsigned times = 0;
        if (!hot_for(heat, id, times)) continue;
        told.push_back(key);
        if (key.kind != RumorKind::member) {
            stream.messages.push_back(texts_[key].bytes);
            continue;
        }
        const auto subject = members_.find(key.member);
        if (subject == members_.end()) continue;
        Rumor rumor;
        rumor.kind = RumorKind::member;
        rumor.from = from;
        rumor.body = subject->second.record;
        stream.messages.push_back(encoded(rumor));
    }
    for (const RumorKey& key : told)
        count(key, id);
    if (stream.messages.empty()) return;
    stream.stream = next_stream_++;
    stream.peer = id;
    stream.to = peer.record.member.gossip();
    outputs_->push_back(std::move(stream));
}

}  // namespace hab::ring::sim
