// SPDX-License-Identifier: Apache-2.0
#include "ring/node/anti_entropy.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

namespace hab::ring {
namespace {

constexpr std::size_t most_versions = 8192;      // in one message; the rest comes next time
constexpr std::size_t most_bytes = 256u * 1024;  // of values in one message
constexpr std::size_t most_answer = 4u << 20;    // of values by versions; the rest comes next time

/// What two nodes compare a thing by.
using Thing = std::tuple<RumorKind, std::string_view, MemberId, std::string_view>;
struct Known {
    std::uint64_t version = 0;
    std::uint64_t rank = 0;
};

RumorHead head_of(const RumorKey& key, std::uint64_t version) {
    RumorHead head;
    head.kind = key.kind;
    head.key = key.group;
    head.member = key.member;
    head.id = key.name;
    head.version = version;
    return head;
}

Thing thing_of(const RumorHead& head) {
    return {head.kind, head.key, head.member, head.id};
}

bool is_election(RumorKind kind) noexcept {
    return kind == RumorKind::election || kind == RumorKind::election_update;
}

}  // namespace

void AntiEntropy::state_said(Slot slot, std::uint64_t hash) {
    if (hash == core_.state.all()) {
        core_.compared = true;
        // While news is under way it says nothing of what was missed before.
        if (quiet()) differs_at_ = never;
        return;
    }
    differs_at_ = std::min(differs_at_, core_.now);
    // News makes all nodes differ for a moment; but where it never rests, repair must not wait for
    // ever.
    const bool overdue = core_.now >= differs_at_ + 2 * core_.tuning().sync_period;
    if (core_.now >= next_ && (next_ == 0 || quiet() || overdue)) ask(slot);
}

bool AntiEntropy::quiet() const noexcept {
    return core_.now >= core_.last_change + core_.tuning().sync_quiet;
}

void AntiEntropy::ask(Slot slot) {
    const Time period = core_.tuning().sync_period;
    next_ = core_.now + period / 2 + core_.random.below(period);
    differs_at_ = never;
    OwnMessage message;
    message.exchange = ++exchange_;
    message.shards = shard_count;
    for (std::uint32_t shard = 0; shard < shard_count; ++shard) {
        const std::uint64_t hash = core_.state.shard(shard);
        lacking_[shard] = hash == 0 && !core_.compared;
        if (hash != 0) message.hashes.push_back({shard, hash});
    }
    send(slot, std::move(message), {});
}

bool AntiEntropy::known_to_ring(std::uint64_t exchange, std::string_view rumor) const {
    RumorHead head;
    if (exchange == 0 || exchange != exchange_ || core_.now > next_) return false;
    if (decode_rumor_head(rumor, head) != Refusal::none || is_election(head.kind)) return false;
    const std::uint64_t hash =
        head.kind == RumorKind::member ? member_hash(head.member) : hash_of(key_of(head));
    return lacking_[StateHash::shard_of(hash)];
}

void AntiEntropy::message(std::string_view bytes) {
    if (const Refusal why = decode_own(bytes, heard_); why != Refusal::none) {
        core_.refuse(to_string(why));
        return;
    }
    if (core_.guard.strict()) {
        const Refusal why = core_.guard.check_message(Plane::stream, bytes, heard_.from, {});
        if (why != Refusal::none) {
            core_.refuse(to_string(why));
            return;
        }
        core_.teller = heard_.from;
    }
    for (const std::string_view rumor : heard_.rumors) {
        core_.quietly = known_to_ring(heard_.exchange, rumor);
        desk_.heard(rumor, !core_.quietly);
    }
    core_.quietly = false;
    if (!heard_.rumors.empty()) core_.compared = true;
    const auto slot = core_.table.find(heard_.from);
    if (!slot || core_.table.at(*slot).kind != PeerKind::own) return;
    if (heard_.shards == shard_count) answer_hashes(heard_, *slot);
    if (!heard_.differing.empty() || !heard_.versions.empty()) answer_versions(heard_, *slot);
}

void AntiEntropy::answer_hashes(const OwnMessage& asked, Slot to) {
    std::array<std::uint64_t, shard_count> theirs{};
    for (const ShardHash& hash : asked.hashes) {
        if (hash.shard < shard_count) theirs[hash.shard] = hash.hash;
    }
    OwnMessage reply;
    reply.exchange = asked.exchange;
    Values values;
    // Who has nothing and asked somebody a moment ago gets it from there, and not from all who ask.
    const bool served = exchange_ != 0 && core_.now < next_;
    for (std::uint32_t shard = 0; shard < shard_count; ++shard) {
        if (theirs[shard] == core_.state.shard(shard)) continue;
        if (served && core_.state.shard(shard) == 0) continue;
        if (theirs[shard] == 0) {
            add_shard(shard, values);
            continue;
        }
        if (reply.versions.size() > most_versions) continue;
        reply.differing.push_back(shard);
        list_shard(shard, reply);
    }
    if (!reply.differing.empty() || !values.all.empty()) send(to, std::move(reply), values);
}

void AntiEntropy::list_shard(std::uint32_t shard, OwnMessage& reply) {
    const auto add_version = [&](const MemberId& id, std::uint64_t incarnation, Health health) {
        if (StateHash::shard_of(member_hash(id)) != shard) return;
        RumorVersion version;
        version.head.kind = RumorKind::member;
        version.head.member = id;
        version.head.version = incarnation;
        version.rank = static_cast<std::uint64_t>(health);
        reply.versions.push_back(version);
    };
    add_version(core_.config.id, core_.incarnation, Health::alive);
    for (Slot slot = 0; slot < core_.table.bound(); ++slot) {
        if (!core_.table.used(slot)) continue;
        const MemberEntry& entry = core_.table.at(slot);
        add_version(core_.table.id(slot), entry.incarnation, entry.health);
    }
    for (const auto& [key, held] : core_.rumors.all()) {
        if (StateHash::shard_of(hash_of(key)) != shard) continue;
        RumorVersion version;
        version.head = head_of(key, held.version);
        version.rank = held.rank;
        reply.versions.push_back(version);
    }
}

void AntiEntropy::add_member(const MemberId& id, Values& values) {
    const auto slot = core_.table.find(id);
    if (!slot) return;  // this node itself: its datagrams speak for it
    Rumor rumor;        // from nobody by name: the message around it says who
    rumor.kind = RumorKind::member;
    rumor.body = core_.table.record(*slot);
    values.add(encoded(rumor));
}

void AntiEntropy::add_shard(std::uint32_t shard, Values& values) {
    for (Slot slot = 0; slot < core_.table.bound(); ++slot) {
        if (!core_.table.used(slot)) continue;
        const MemberId& id = core_.table.id(slot);
        if (StateHash::shard_of(member_hash(id)) == shard) add_member(id, values);
    }
    for (const auto& [key, held] : core_.rumors.all()) {
        if (StateHash::shard_of(hash_of(key)) == shard) values.add(*held.bytes);
    }
}

void AntiEntropy::answer_versions(const OwnMessage& asked, Slot to) {
    OwnMessage reply;
    reply.exchange = asked.exchange;
    Values values;
    // Whatever is named several times, as honest peers never do, is answered once or within bounds.
    std::array<bool, shard_count> done{};
    for (const std::uint32_t shard : asked.differing) {
        if (shard >= shard_count || std::exchange(done[shard], true)) continue;
        compare_shard(shard, asked, reply.versions, values);
    }
    for (const RumorVersion& version : asked.versions) {
        if (values.bytes >= most_answer) break;
        if (!version.wanted) continue;
        if (version.head.kind == RumorKind::member) {
            add_member(version.head.member, values);
        } else if (const HeldRumor* held = core_.rumors.find(key_of(version.head))) {
            values.add(*held->bytes);
        }
    }
    if (!reply.versions.empty() || !values.all.empty()) send(to, std::move(reply), values);
}

void AntiEntropy::compare_shard(std::uint32_t shard, const OwnMessage& asked,
                                std::vector<RumorVersion>& wanted, Values& values) {
    std::map<Thing, Known> theirs;
    for (const RumorVersion& version : asked.versions)
        if (!version.wanted) theirs[thing_of(version.head)] = {version.head.version, version.rank};
    OwnMessage mine;
    list_shard(shard, mine);
    const auto give = [&](const RumorVersion& version) {
        if (values.bytes >= most_answer) return;
        if (version.head.kind == RumorKind::member) {
            add_member(version.head.member, values);
        } else {
            values.add(*core_.rumors.find(key_of(version.head))->bytes);
        }
    };
    const auto want = [&](RumorVersion version) {
        version.wanted = true;
        wanted.push_back(version);
    };
    for (const RumorVersion& own : mine.versions) {
        const auto found = theirs.find(thing_of(own.head));
        if (found == theirs.end()) {
            give(own);
            continue;
        }
        const Known known = found->second;
        theirs.erase(found);
        if (known.version == own.head.version && known.rank == own.rank) continue;
        const bool newer =
            std::tie(own.head.version, own.rank) > std::tie(known.version, known.rank);
        // Two elections are merged, neither is simply newer.
        if (newer || is_election(own.head.kind)) give(own);
        if (!newer || is_election(own.head.kind)) want(own);
    }
    for (const RumorVersion& version : asked.versions) {
        if (version.wanted || !theirs.contains(thing_of(version.head))) continue;
        const std::uint64_t hash = version.head.kind == RumorKind::member
                                       ? member_hash(version.head.member)
                                       : hash_of(key_of(version.head));
        const bool mortal =
            version.head.kind == RumorKind::member || version.head.kind == RumorKind::service;
        const bool buried = mortal && members_.buried(version.head.member);
        if (StateHash::shard_of(hash) == shard && !buried) want(version);
    }
}

std::string AntiEntropy::finished(const OwnMessage& message) {
    std::string bytes = encoded(message);
    if (core_.guard.strict()) core_.guard.sign_message(Plane::stream, bytes);
    return bytes;
}

void AntiEntropy::send(Slot to, OwnMessage message, const Values& values) {
    const Contact& contact = core_.table.contact(to);
    SendStream stream;
    stream.stream = core_.next_stream++;
    stream.peer = core_.table.id(to);
    stream.to = {contact.address, contact.gossip_port};
    message.from = core_.config.id;
    std::size_t bytes = 0;
    for (const std::string& value : values.all) {
        if (message.rumors.size() >= core_.tuning().stream_batch ||
            (!message.rumors.empty() && bytes + value.size() > most_bytes)) {
            stream.messages.push_back(finished(message));
            const std::uint64_t exchange = message.exchange;
            message = OwnMessage{};
            message.from = core_.config.id;
            message.exchange = exchange;
            bytes = 0;
        }
        message.rumors.push_back(value);
        bytes += value.size();
    }
    stream.messages.push_back(finished(message));
    core_.outputs->push_back(std::move(stream));
}

}  // namespace hab::ring
