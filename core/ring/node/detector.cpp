// SPDX-License-Identifier: Apache-2.0
#include "ring/node/detector.hpp"

#include <algorithm>

#include "ring/codec/codec.hpp"

namespace hab::ring {

void Detector::datagram(const Endpoint& source, std::string_view bytes) {
    if (const Refusal why = decode_swim(bytes, heard_); why != Refusal::none) {
        core_.refuse(to_string(why));
        return;
    }
    if (heard_.from.id == core_.config.id || heard_.from.swim_port == 0) return;
    const std::uint64_t echo = heard_.extension ? heard_.extension->echo : 0;
    fresh_ =
        heard_.kind == SwimKind::ack && core_.challenges.answers(echo, heard_.from.id, core_.now);
    if (!meant_for_me()) return;
    if (core_.guard.strict()) {
        if (const Refusal why = admit(bytes); why != Refusal::none) {
            core_.refuse(to_string(why));
            return;
        }
    }
    if (fresh_) core_.challenges.answered(echo);
    heard_at_ = core_.now;
    switch (heard_.kind) {
        case SwimKind::ping:
            return ping(source);
        case SwimKind::ack:
            return ack(source, bytes);
        case SwimKind::ping_req:
            return ping_req(source);
        case SwimKind::probe_ping:
            return probe_ping(source);
    }
}

bool Detector::meant_for_me() const {
    const MemberId to = heard_.extension ? heard_.extension->to : MemberId{};
    if (to == core_.config.id) return true;
    const bool passed_on = heard_.forward_to && heard_.forward_to->id == core_.config.id;
    // Signed datagrams are passed on as they are, with the name of who passed them on.
    if (core_.guard.strict()) return passed_on ? fresh_ : to.empty();
    // Meant for whoever had this address before: an answer would keep a dead member alive.
    return to.empty();
}

Refusal Detector::admit(std::string_view bytes) {
    std::optional<std::uint64_t> asked;
    if (fresh_) asked = core_.challenges.heard_when_asked(heard_.extension->echo);
    const Refusal why = core_.guard.check_message(Plane::datagram, bytes, heard_.from.id, asked);
    if (why != Refusal::none) return why;
    if (!heard_.extension || !members_.vouched(heard_.from)) return Refusal::not_signed;
    // A member that calls itself of stock behaviour would have others count its way.
    if ((heard_.extension->abilities & ability::own_messages) == 0) return Refusal::not_signed;
    core_.teller = heard_.from.id;
    return Refusal::none;
}

bool Detector::proven() const {
    if (fresh_) return true;
    if (core_.guard.strict()) return false;
    const auto& extension = heard_.extension;
    if (!extension || (extension->abilities & ability::sequences) == 0) return true;
    // Members of stock behaviour that ping for us drop the sequence.
    const bool by_another = heard_.kind == SwimKind::ack && heard_.forward_to.has_value();
    return by_another && extension->echo == 0 && core_.table.stock_alive() != 0;
}

std::uint64_t Detector::asked(const MemberId& whom) {
    const std::uint64_t sequence = (core_.random.next() >> 16) | 1;
    core_.challenges.ask(sequence, whom, core_.now, core_.guard.highest(whom));
    return sequence;
}

void Detector::challenge(Slot slot, const Endpoint& at) {
    const MemberId id = core_.table.id(slot);
    if (members_.departed_for_good(id)) return;
    const auto [told, first] = told_.try_emplace(id, core_.now);
    if (!first && core_.now < told->second + seconds(1)) return;
    told->second = core_.now;
    if (told_.size() > 1024) told_.clear();
    composer_.ping({at, slot, asked(id)});
}

void Detector::take_news() {
    for (const Membership& record : heard_.membership)
        (void)members_.heard(record);
    if (!heard_.extension) return;
    const SwimExtension& extension = *heard_.extension;
    const auto& proofs = extension.accusation_proofs;
    for (std::size_t i = 0; i < extension.accusations.size(); ++i)
        members_.accused(extension.accusations[i],
                         i < proofs.size() ? proofs[i] : std::string_view{});
    for (const std::string_view rumor : extension.rumors)
        if (on_rumor) on_rumor(rumor);
}

Contact Detector::contact_seen_at(const IpAddress& address) const {
    Contact contact{address, heard_.from.swim_port, heard_.from.gossip_port};
    if (core_.guard.strict()) {
        contact.address = heard_.from.address;
        return contact;
    }
    const auto& extension = heard_.extension;
    if (!extension || !extension->advertised.usable()) return contact;
    contact.address = extension->advertised;
    if (extension->advertised_port != 0) contact.swim_port = extension->advertised_port;
    return contact;
}

std::optional<Slot> Detector::take_sender(const Endpoint& source) {
    const Contact contact = contact_seen_at(source.ip);
    const auto slot = members_.heard_directly(heard_.from, contact, proven());
    if (!slot) return slot;
    learn_kind(*slot);
    // A recorded datagram says neither that the member is there nor where: ask.
    const bool moved = core_.table.contact(*slot) != contact;
    const bool doubted = core_.table.at(*slot).health == Health::suspect;
    if (!proven() && (moved || doubted)) challenge(*slot, {contact.address, contact.swim_port});
    return slot;
}

void Detector::learn_kind(Slot slot) {
    const bool ours =
        heard_.extension && (heard_.extension->abilities & ability::own_messages) != 0;
    const PeerKind kind = ours ? PeerKind::own : PeerKind::stock;
    if (core_.table.at(slot).kind != kind) core_.table.set_kind(slot, kind);
    if (!ours) {
        // Stock peers compare nothing; what they said for a while has to do.
        if (stock_since_ == 0) stock_since_ = core_.now;
        if (core_.now >= stock_since_ + seconds(20)) core_.compared = true;
        return;
    }
    if (heard_.extension->state != 0 && on_state) on_state(slot, heard_.extension->state);
}

Composer::Reach Detector::reach(Slot slot) const {
    const Contact& contact = core_.table.contact(slot);
    return {{contact.address, contact.swim_port}, slot};
}

void Detector::ping(const Endpoint& source) {
    take_news();
    const auto slot = take_sender(source);
    const std::uint64_t sequence = heard_.extension ? heard_.extension->sequence : 0;
    composer_.ack({source, slot, 0, sequence}, heard_.forward_to);
}

void Detector::pass_on(const Endpoint& source, std::string_view bytes) {
    // Only for members, as all are who ask: no relay for strangers.
    const auto asker = core_.table.find(heard_.forward_to->id);
    if (!asker) return;
    if (core_.guard.strict()) {
        core_.send(reach(*asker).to, std::string(bytes));
        return;
    }
    heard_.from.address = source.ip;
    if (core_.table.at(*asker).kind != PeerKind::own) {
        if (!safe_for_stock(heard_.from)) return;
        std::erase_if(heard_.membership,
                      [](const Membership& told) { return !safe_for_stock(told.member); });
    }
    if (heard_.extension) heard_.extension->to = heard_.forward_to->id;
    std::string passed;
    encode(heard_, passed);
    core_.send(reach(*asker).to, std::move(passed));
}

void Detector::ack(const Endpoint& source, std::string_view bytes) {
    const auto& whom = heard_.forward_to;
    if (whom && whom->id != core_.config.id) return pass_on(source, bytes);
    take_news();
    std::optional<Slot> slot;
    if (whom) {
        // By way of another: the address is what that one saw, and extensions may be lost.
        slot = members_.heard_directly(heard_.from, contact_seen_at(heard_.from.address), proven());
    } else {
        slot = take_sender(source);
    }
    if (!slot) return;
    confirm_contact(*slot);
    if (proven()) probed(heard_.from.id);
}

void Detector::probed(const MemberId& id) {
    const auto probe = std::find_if(probes_.begin(), probes_.end(),
                                    [&](const Probe& candidate) { return candidate.id == id; });
    if (probe == probes_.end()) return;
    probes_.erase(probe);
    core_.local_health.better();
}

void Detector::confirm_contact(Slot slot) {
    // It answers, and is doubted: tell it now rather than when its turn comes.
    if (core_.table.at(slot).health != Health::alive) challenge(slot, reach(slot).to);
}

void Detector::ping_req(const Endpoint& source) {
    take_news();
    const auto slot = take_sender(source);
    const auto target = core_.table.find(heard_.target->id);
    if (!slot || !target) return;
    Member asker = heard_.from;
    asker.address = core_.table.contact(*slot).address;
    if (!safe_for_stock(asker) && core_.table.at(*target).kind != PeerKind::own) return;
    // It has to echo the asker's sequence, not ours; and who signs for itself needs no proof here.
    Composer::Reach way = reach(*target);
    way.sequence = heard_.extension ? heard_.extension->sequence : 0;
    asker.proof = {};
    composer_.ping(way, asker);
}

void Detector::probe_ping(const Endpoint& source) {
    // Each value that this node takes is told to the whole ring: once a second is enough.
    if (bumped_at_ == 0 || core_.now >= bumped_at_ + seconds(1)) {
        members_.refute(core_.incarnation);
        bumped_at_ = core_.now;
    }
    const auto slot = take_sender(source);
    composer_.ack({source, slot}, std::nullopt);
}

void Detector::add_seed(const Endpoint& seed) {
    if (std::find(seeds_.begin(), seeds_.end(), seed) == seeds_.end()) seeds_.push_back(seed);
    seeds_at_ = core_.now;
    core_.has_seeds = true;
}

void Detector::try_seeds() {
    // Until this node knows anybody, every period; then only those that are nobody we know.
    const bool alone = core_.table.reachable().empty();
    seeds_at_ = core_.now + (alone ? core_.tuning().probe_period : core_.tuning().seed_period);
    for (const Endpoint& seed : seeds_) {
        const bool known =
            std::any_of(core_.table.reachable().begin(), core_.table.reachable().end(),
                        [&](Slot slot) { return reach(slot).to == seed; });
        if (!known) composer_.ping({seed, std::nullopt, asked({})});
    }
}

void Detector::probe_next() {
    core_.challenges.expire(core_.now);
    probe_at_ = core_.now + core_.local_health.stretch(core_.tuning().probe_period);
    const auto wanted = [&](Slot slot) {
        const Health health = core_.table.at(slot).health;
        return health <= Health::suspect;
    };
    const auto slot = core_.probe_order.next(core_.random, wanted);
    if (!slot) return;
    const MemberId& id = core_.table.id(*slot);
    const bool under_way = std::any_of(probes_.begin(), probes_.end(),
                                       [&](const Probe& probe) { return probe.id == id; });
    if (under_way) return;
    Composer::Reach way = reach(*slot);
    way.sequence = asked(id);
    composer_.ping(way);
    const Time wait = core_.local_health.stretch(core_.tuning().direct_wait);
    const Time whole = core_.local_health.stretch(core_.tuning().probe_period);
    probes_.push_back({*slot, id, way.sequence, core_.now, core_.now + wait, core_.now + whole});
}

void Detector::ask_others(Probe& probe) {
    probe.others_at = never;
    const auto& reachable = core_.table.reachable();
    if (reachable.size() < 2) return;
    Member target = core_.table.record(probe.slot).member;
    target.proof = {};
    std::vector<Slot> asked;
    for (unsigned tries = 0; tries < 4 * core_.tuning().proxies; ++tries) {
        if (asked.size() >= core_.tuning().proxies) break;
        const Slot other = reachable[core_.random.below(reachable.size())];
        if (other == probe.slot || core_.table.at(other).health != Health::alive) continue;
        if (std::find(asked.begin(), asked.end(), other) != asked.end()) continue;
        if (core_.table.at(other).kind != PeerKind::own && !safe_for_stock(target)) continue;
        asked.push_back(other);
        Composer::Reach way = reach(other);
        way.sequence = probe.sequence;
        composer_.ping_req(way, target);
    }
}

void Detector::reconnect() {
    reconnect_at_ = core_.now + core_.tuning().reconnect_period;
    // Those that were lost are tried again now and then, or a healed partition would stay two rings.
    // Permanent peers first: they are where rings meet.
    std::optional<Slot> choice;
    std::uint64_t seen = 0;
    bool permanent = false;
    for (Slot slot = 0; slot < core_.table.bound(); ++slot) {
        if (!core_.table.used(slot)) continue;
        const MemberEntry& entry = core_.table.at(slot);
        const bool lost = entry.health == Health::confirmed ||
                          (entry.persistent && entry.health == Health::departed);
        if (!lost || members_.departed_for_good(core_.table.id(slot))) continue;
        if (entry.persistent && !permanent) {
            permanent = true;
            seen = 0;
        }
        if (permanent && !entry.persistent) continue;
        if (core_.random.below(++seen) == 0) choice = slot;
    }
    if (!choice) return;
    Composer::Reach way = reach(*choice);
    way.sequence = asked(core_.table.id(*choice));
    composer_.ping(way);
}

void Detector::tick() {
    if (core_.silent()) return;
    if (core_.now >= seeds_at_ && !seeds_.empty()) try_seeds();
    for (std::size_t i = 0; i < probes_.size();) {
        Probe& probe = probes_[i];
        const bool same = core_.table.used(probe.slot) && core_.table.id(probe.slot) == probe.id;
        if (same && core_.now < probe.failed_at) {
            if (core_.now >= probe.others_at) ask_others(probe);
            ++i;
            continue;
        }
        const Probe failed = probe;
        probes_.erase(probes_.begin() + static_cast<std::ptrdiff_t>(i));
        if (!same) continue;
        // Whoever hears nobody at all had better doubt itself first.
        if (heard_at_ <= failed.since) core_.local_health.worse();
        (void)members_.suspect(failed.slot);
    }
    if (core_.now >= probe_at_) probe_next();
    if (core_.now >= reconnect_at_) reconnect();
}

Time Detector::next() const noexcept {
    if (core_.silent()) return never;
    // Who knows nobody has nobody to look for, and may sleep until somebody comes.
    if (core_.table.size() == 0 && seeds_.empty()) return never;
    Time earliest = std::min(probe_at_, reconnect_at_);
    if (!seeds_.empty()) earliest = std::min(earliest, seeds_at_);
    for (const Probe& probe : probes_)
        earliest = std::min({earliest, probe.others_at, probe.failed_at});
    return earliest;
}

void Detector::stalled() {
    probes_.clear();
    probe_at_ = core_.now;
}

void Detector::leave() {
    const auto& reachable = core_.table.reachable();
    constexpr std::size_t told = 10;
    const std::size_t count = std::min(told, reachable.size());
    std::vector<Slot> all = reachable;
    core_.random.shuffle(all);
    for (std::size_t i = 0; i < count; ++i)
        composer_.ack(reach(all[i]), std::nullopt);
}

}  // namespace hab::ring
