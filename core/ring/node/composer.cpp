// SPDX-License-Identifier: Apache-2.0
#include "ring/node/composer.hpp"

#include "ring/codec/codec.hpp"
#include "ring/codec/trailer.hpp"

namespace hab::ring {
namespace {

constexpr std::uint64_t our_abilities =
    ability::own_messages | ability::ipv6 | ability::sequences | ability::fenced_elections;
constexpr std::size_t extension_size = 72;  // everything in it but accusations and rumors
constexpr std::size_t accusation_size = 50;
constexpr std::size_t proof_room = 3 + proof_size;
constexpr std::size_t rumor_frame = 4;  // field number and length around a rumor
constexpr std::size_t most_accusations = 4;
constexpr std::size_t most_rumors = 8;

std::size_t varint_size(std::uint64_t value) noexcept {
    std::size_t size = 1;
    while (value >= 0x80) {
        value >>= 7;
        ++size;
    }
    return size;
}

}  // namespace

std::size_t record_size(const Member& member) noexcept {
    const std::size_t address = member.address.empty() ? 0 : member.address.is_v4() ? 15 : 39;
    // Id, address, two ports, three flags and their field numbers; lengths of the two messages.
    const std::size_t proof = member.proof.empty() ? 0 : proof_room;
    return 34 + 2 + address + 1 + varint_size(member.incarnation) + 4 + 4 + 6 + 4 + 2 + proof;
}

Member Composer::self() {
    Member self;
    self.id = core_.config.id;
    self.incarnation = core_.incarnation;
    self.swim_port = core_.config.swim_port;
    self.gossip_port = core_.config.gossip_port;
    self.persistent = core_.config.persistent;
    self.departed = core_.leaving;
    if (!core_.guard.strict()) return self;
    self.address = core_.config.advertised;
    if (proof_.empty() || proven_ != self) {
        proven_ = self;
        proof_ = core_.guard.prove(self);
    }
    self.proof = proof_;
    return self;
}

void Composer::begin(SwimKind kind) {
    swim_.kind = kind;
    swim_.from = self();
    swim_.forward_to.reset();
    swim_.target.reset();
    swim_.membership.clear();
}

void Composer::ping(const Reach& reach, const std::optional<Member>& for_whom) {
    begin(SwimKind::ping);
    swim_.forward_to = for_whom;
    (void)fill(reach, for_whom ? record_size(*for_whom) : 0);
    finish(reach);
}

void Composer::ack(const Reach& reach, const std::optional<Member>& for_whom) {
    begin(SwimKind::ack);
    swim_.forward_to = for_whom;
    (void)fill(reach, for_whom ? record_size(*for_whom) : 0);
    finish(reach);
}

void Composer::ping_req(const Reach& reach, const Member& target) {
    begin(SwimKind::ping_req);
    swim_.target = target;
    (void)fill(reach, record_size(target));
    finish(reach);
}

bool Composer::news(const Reach& reach) {
    begin(SwimKind::ack);
    const bool about_me = core_.self_news != 0;
    if (!fill(reach, 0) && !about_me) return false;
    if (about_me) --core_.self_news;
    finish(reach);
    return true;
}

bool Composer::fill(const Reach& reach, std::size_t used) {
    if (!swim_.extension) swim_.extension.emplace();
    SwimExtension& extension = *swim_.extension;
    extension.accusations.clear();
    extension.accusation_proofs.clear();
    extension.rumors.clear();
    extension.abilities = our_abilities;
    extension.sequence = reach.sequence;
    extension.echo = reach.echo;
    if (core_.guard.strict()) {
        extension.abilities |= ability::strict;
    } else {
        extension.advertised = core_.config.advertised;
    }
    extension.state = core_.state.all();
    extension.to = reach.slot ? core_.table.id(*reach.slot) : MemberId{};

    std::size_t room = core_.tuning().datagram_room - record_size(swim_.from) - extension_size;
    room -= std::min(room, used + (core_.guard.strict() ? codec::trailer_size : 0));
    const bool own = reach.slot && core_.table.at(*reach.slot).kind == PeerKind::own;
    if (reach.slot && core_.table.at(*reach.slot).health != Health::alive) {
        // First of all it must hear what is said of it, so that it can refute it.
        const Membership record = core_.table.record(*reach.slot);
        if (own || safe_for_stock(record.member)) {
            swim_.membership.push_back(record);
            room -= std::min(room, record_size(record.member));
        }
    }
    const bool members = fill_members(own, room);
    const bool more = fill_extension(reach, own, room);
    return members || more;
}

bool Composer::fill_members(bool own, std::size_t& room) {
    if (core_.hot_members.empty()) return false;
    const std::size_t before = swim_.membership.size();
    core_.hot_members.offer(core_.budget(), 4, [&](Slot slot) {
        if (swim_.membership.size() >= core_.tuning().piggyback) return false;
        Membership record = core_.table.record(slot);
        if (!own && !safe_for_stock(record.member)) return false;
        const std::size_t size = record_size(record.member);
        if (size > room) return false;
        room -= size;
        swim_.membership.push_back(std::move(record));
        return true;
    });
    return swim_.membership.size() != before;
}

bool Composer::fill_extension(const Reach&, bool own, std::size_t& room) {
    SwimExtension& extension = *swim_.extension;
    if (!own) return false;
    if (!core_.hot_accusations.empty()) {
        core_.hot_accusations.offer(core_.budget(), 1, [&](const Accusation& accusation) {
            const std::size_t size = accusation_size + (core_.guard.strict() ? proof_room : 0);
            if (extension.accusations.size() >= most_accusations || room < size) return false;
            if (core_.guard.strict()) {
                const auto proof = core_.accusation_proofs.find(accusation);
                if (proof == core_.accusation_proofs.end()) return false;
                extension.accusation_proofs.push_back(proof->second);
            }
            room -= size;
            extension.accusations.push_back(accusation);
            return true;
        });
    }
    if (!core_.hot_rumors.empty()) {
        core_.hot_rumors.offer(core_.budget(), 8, [&](const RumorKey& key) {
            const HeldRumor* held = core_.rumors.find(key);
            if (held == nullptr || held->bytes->size() > core_.tuning().ride_along_most)
                return false;
            const std::size_t size = held->bytes->size() + rumor_frame;
            if (extension.rumors.size() >= most_rumors || size > room) return false;
            room -= size;
            extension.rumors.push_back(*held->bytes);
            return true;
        });
    }
    return !extension.accusations.empty() || !extension.rumors.empty();
}

void Composer::finish(const Reach& reach) {
    std::string bytes;
    encode(swim_, bytes);
    if (core_.guard.strict()) core_.guard.sign_message(Plane::datagram, bytes);
    core_.send(reach.to, std::move(bytes));
}

}  // namespace hab::ring
