// SPDX-License-Identifier: Apache-2.0
// The model's failure detector; its rumors are in stock_rumors.cpp.
#include "ring/sim/stock_actor.hpp"

#include <algorithm>

#include "ring/node/merge.hpp"

namespace hab::ring::sim {
namespace {

constexpr Time ack_wait = milliseconds(1000);
constexpr Time indirect_wait = milliseconds(2100);
constexpr Time suspect_time = milliseconds(9300);
constexpr Time departed_time = seconds(259'200);
constexpr unsigned proxies = 5;
constexpr std::size_t piggyback = 5;

RumorKey member_key(const MemberId& id) {
    return {RumorKind::member, {}, id, {}};
}

}  // namespace

StockActor::StockActor(NodeConfig config) : config_(std::move(config)), random_(config_.seed) {}

Member StockActor::self() const {
    Member self;
    self.id = config_.id;
    self.incarnation = incarnation_;
    self.swim_port = config_.swim_port;
    self.gossip_port = config_.gossip_port;
    self.persistent = config_.persistent;
    self.departed = leaving_;
    return self;
}

bool StockActor::pingable(const Entry& entry) const noexcept {
    return entry.record.member.persistent || entry.record.health <= Health::suspect;
}

bool StockActor::believes_alive(const MemberId& id) const {
    if (id == config_.id) return true;
    const auto found = members_.find(id);
    return found != members_.end() && found->second.record.health == Health::alive;
}

void StockActor::step(Time now, const Input& input, Outputs& outputs) {
    now_ = std::max(now_, now);
    outputs_ = &outputs;
    if (leaving_) return;
    if (const auto* datagram = std::get_if<Datagram>(&input)) take(*datagram);
    if (const auto* stream = std::get_if<StreamMessage>(&input)) {
        teller_ = stream->from;
        take_stream(stream->bytes);
    }
    if (const auto* inject = std::get_if<Inject>(&input)) take_stream(inject->bytes);
    if (const auto* peer = std::get_if<AddPeer>(&input)) seeds_.push_back(peer->swim);
    if (const auto* restore = std::get_if<Restore>(&input))
        for (const StateRecord& record : restore->records)
            take_own_state(record);
    if (std::holds_alternative<Leave>(input)) {
        raise(incarnation_);
        leaving_ = true;
        std::size_t told = 0;
        for (const auto& [id, entry] : members_) {
            if (told++ == 10) break;
            send(SwimKind::ack, entry.record.member.swim(), id, std::nullopt);
        }
        return;
    }
    probe();
    expire();
    push();
}

Time StockActor::next_wake() const noexcept {
    return leaving_ ? never : std::min({phase_end_, push_at_, expire_at_, seeds_at_});
}

void StockActor::take_own_state(const StateRecord& record) {
    if (record.kind == StateKind::incarnation) incarnation_ = record.number;
    if (record.kind == StateKind::rumor) take_stream(record.bytes);
    Membership membership;
    if (record.kind != StateKind::membership ||
        decode_membership(record.bytes, membership) != Refusal::none)
        return;
    heard(membership);
    // A preloaded ring has told everybody everything: heat is for what comes.
    heats_[member_key(membership.member.id)] = Heat{true, {}};
}

void StockActor::raise(std::uint64_t above) {
    incarnation_ = std::max(incarnation_, above) + 1;
    outputs_->push_back(Persist{{StateKind::incarnation, incarnation_, {}}, true});
}

void StockActor::take(const Datagram& datagram) {
    teller_ = datagram.from;
    if (decode_swim(datagram.bytes, heard_) != Refusal::none) return;
    if (heard_.from.id == config_.id) return;
    const auto apply = [&] {
        for (const Membership& record : heard_.membership)
            heard(record);
    };
    switch (heard_.kind) {
        case SwimKind::ping:
            send(SwimKind::ack, datagram.from, heard_.from.id, heard_.forward_to);
            apply();
            contact(heard_.from, datagram.from);
            return;
        case SwimKind::ack: {
            const auto& whom = heard_.forward_to;
            if (whom && whom->id != config_.id) {
                heard_.from.address = datagram.from.ip;
                heard_.extension.reset();  // a stock encoder knows nothing of it
                outputs_->push_back(SendDatagram{whom->swim(), encoded(heard_)});
                return;
            }
            apply();
            if (heard_.from.id == target_) answered_ = true;
            const Endpoint source =
                whom ? Endpoint{heard_.from.address, heard_.from.swim_port} : datagram.from;
            contact(heard_.from, source);
            return;
        }
        case SwimKind::ping_req: {
            const auto found = members_.find(heard_.target->id);
            if (found == members_.end()) return;
            Member asker = heard_.from;
            asker.address = datagram.from.ip;
            send(SwimKind::ping, found->second.record.member.swim(), found->first, asker);
            return;
        }
        case SwimKind::probe_ping:
            raise(incarnation_);
            send(SwimKind::ack, datagram.from, heard_.from.id, std::nullopt);
            contact(heard_.from, datagram.from);
            return;
    }
}

void StockActor::contact(Member from, const Endpoint& source) {
    from.address = source.ip;
    from.probe_ping = false;
    const Health health = from.departed ? Health::departed : Health::alive;
    const auto found = members_.find(from.id);
    if (found != members_.end() && health == Health::alive &&
        found->second.record.health != Health::alive && !departures_.contains(from.id)) {
        found->second.record.member = from;
        set_health(found->second, Health::alive);
        heat(member_key(from.id));
        return;
    }
    heard({from, health});
}

void StockActor::heard(const Membership& record) {
    const MemberId& id = record.member.id;
    if (id == config_.id) return about_me(record);
    if (!safe_for_stock(record.member)) {
        Event event;
        event.kind = EventKind::refused;
        event.group = teller_.to_string();
        event.text = "a stock node was told of an address that it dies of";
        outputs_->push_back(std::move(event));
        return;
    }
    if (departures_.contains(id) && record.health != Health::departed) return;
    const auto found = members_.find(id);
    if (found == members_.end()) {
        if (!record.member.address.usable()) return;
        members_[id] = {record, now_};
        heat_for(id);
        heat(member_key(id));
        return;
    }
    Entry& entry = found->second;
    const std::uint64_t known = entry.record.member.incarnation;
    if (record.health == Health::confirmed && record.member.incarnation >= known &&
        entry.record.health <= Health::suspect) {
        doubted_.insert(id);
        return;
    }
    if (!supersedes(entry.record.health, known, record.health, record.member.incarnation)) return;
    entry.record.member = record.member;
    set_health(entry, record.health);
    heat(member_key(id));
}

void StockActor::about_me(const Membership& record) {
    if (record.health == Health::alive || record.member.incarnation < incarnation_) return;
    raise(record.member.incarnation);
}

void StockActor::set_health(Entry& entry, Health health) {
    if (entry.record.health == health) return;
    entry.record.health = health;
    entry.since = now_;
    Event event;
    event.member = entry.record.member.id;
    event.health = health;
    event.number = entry.record.member.incarnation;
    outputs_->push_back(std::move(event));
}

void StockActor::send(SwimKind kind, const Endpoint& to, const MemberId& about,
                      const std::optional<Member>& other) {
    Swim swim;
    swim.kind = kind;
    swim.from = self();
    swim.from.probe_ping = kind == SwimKind::probe_ping;
    if (kind == SwimKind::ping_req) {
        swim.target = other;
    } else {
        swim.forward_to = other;
    }
    if (kind != SwimKind::probe_ping) {
        if (const auto found = members_.find(about); found != members_.end())
            swim.membership.push_back(found->second.record);
        std::size_t taken = 0;
        for (auto& [key, heat] : heats_) {
            if (key.kind != RumorKind::member || taken == piggyback) continue;
            unsigned told = 0;
            const auto subject = members_.find(key.member);
            if (subject == members_.end() || !hot_for(heat, about, told)) continue;
            swim.membership.push_back(subject->second.record);
            count(key, about);
            ++taken;
        }
    }
    outputs_->push_back(SendDatagram{to, encoded(swim)});
}

void StockActor::probe() {
    if (now_ >= seeds_at_) {
        seeds_at_ = now_ + ack_wait;
        if (members_.size() < seeds_.size() / 2 + 1)
            for (const Endpoint& seed : seeds_)
                send(SwimKind::ping, seed, {}, std::nullopt);
    }
    if (answered_ && (phase_ == Phase::direct || phase_ == Phase::indirect)) {
        // However fast the answer, the next member is not probed before the period is over.
        phase_end_ += phase_ == Phase::direct ? indirect_wait : 0;
        phase_ = Phase::rest;
    }
    if (now_ < phase_end_ && phase_ != Phase::idle) return;
    const auto found = members_.find(target_);
    if (phase_ == Phase::direct && found != members_.end()) {
        phase_ = Phase::indirect;
        phase_end_ = now_ + indirect_wait;
        std::vector<const Entry*> others;
        for (const auto& [id, entry] : members_)
            if (id != target_ && entry.record.health == Health::alive) others.push_back(&entry);
        random_.shuffle(others);
        for (std::size_t i = 0; i < std::min<std::size_t>(proxies, others.size()); ++i) {
            const Member& other = others[i]->record.member;
            send(SwimKind::ping_req, other.swim(), other.id, found->second.record.member);
        }
        return;
    }
    if (phase_ == Phase::indirect && found != members_.end()) {
        Membership record = found->second.record;
        record.health = Health::suspect;
        heard(record);
    }
    next_target();
}

void StockActor::next_target() {
    if (round_.empty()) {
        // Those that others confirmed are asked themselves, one second each.
        if (!doubted_.empty()) {
            const MemberId id = *doubted_.begin();
            doubted_.erase(doubted_.begin());
            phase_ = Phase::rest;
            phase_end_ = now_ + ack_wait;
            target_ = id;
            const auto found = members_.find(id);
            if (found == members_.end()) return;
            send(SwimKind::probe_ping, found->second.record.member.swim(), id, std::nullopt);
            set_health(found->second, Health::confirmed);
            heat(member_key(id));
            return;
        }
        for (const auto& [id, entry] : members_)
            round_.push_back(id);
        random_.shuffle(round_);
    }
    phase_ = Phase::rest;
    phase_end_ = now_ + ack_wait;
    while (!round_.empty()) {
        target_ = round_.back();
        round_.pop_back();
        const auto found = members_.find(target_);
        if (found == members_.end() || !pingable(found->second)) continue;
        answered_ = false;
        phase_ = Phase::direct;
        phase_end_ = now_ + ack_wait;
        send(SwimKind::ping, found->second.record.member.swim(), target_, std::nullopt);
        return;
    }
}

void StockActor::expire() {
    if (now_ < expire_at_) return;
    expire_at_ = now_ + milliseconds(500);
    for (auto& [id, entry] : members_) {
        const Health health = entry.record.health;
        if (health == Health::suspect && now_ >= entry.since + suspect_time) {
            set_health(entry, Health::confirmed);
            heat(member_key(id));
        } else if (health == Health::confirmed && now_ >= entry.since + departed_time) {
            set_health(entry, Health::departed);
            heat(member_key(id));
        }
    }
}

}  // namespace hab::ring::sim
