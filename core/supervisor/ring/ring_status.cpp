// SPDX-License-Identifier: Apache-2.0
// The ring for people and scripts: `hab ring status`, /ring.
#include <algorithm>

#include "base/json.hpp"
#include "supervisor/ring/ring_membership.hpp"

namespace hab::supervisor {
namespace {

/// Numbers of other members may be above what a JSON number holds here: those are shown as the
/// largest one.
Value number(std::uint64_t value) {
    return Value(static_cast<std::int64_t>(std::min(value, most_ring_version)));
}

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

std::string_view kind_word(ring::PeerKind kind) noexcept {
    switch (kind) {
        case ring::PeerKind::own:
            return "hab";
        case ring::PeerKind::stock:
            return "stock";
        case ring::PeerKind::unknown:
            break;
    }
    return "unknown";
}

Object member_object(const std::string& id, std::string_view health, std::uint64_t incarnation,
                     bool persistent) {
    Object out;
    out.set("id", id);
    out.set("health", std::string(health));
    out.set("incarnation", number(incarnation));
    out.set("permanent", persistent);
    return out;
}

Value election_value(const RingElection& election) {
    Object out;
    out.set("state", std::string(to_string(election.state)));
    out.set("leader", text_or_null(election.leader));
    out.set("term", number(election.term));
    return Value(std::move(out));
}

Value group_value(const RingGroup& group, const std::vector<RingMembership::File>& files) {
    Object out;
    out.set("name", group.name);
    Array members;
    for (const RingMember& member : group.members) {
        Object one;
        one.set("id", member.id);
        one.set("health", std::string(ring::to_string(member.health)));
        one.set("me", member.is_me);
        one.set("ip", member.ip);
        one.set("hostname", member.hostname);
        one.set("package", member.ident);
        one.set("initialized", member.initialized);
        members.push_back(Value(std::move(one)));
    }
    out.set("members", std::move(members));
    out.set("election", election_value(group.election));
    out.set("update_election", election_value(group.update_election));
    out.set("config_version", group.config_version == 0 ? Value() : number(group.config_version));
    Array list;
    for (const RingMembership::File& file : files) {
        Object one;
        one.set("name", file.name);
        one.set("version", number(file.version));
        list.push_back(Value(std::move(one)));
    }
    out.set("files", std::move(list));
    return Value(std::move(out));
}

}  // namespace

std::vector<RingPeer> RingMembership::peers() const {
    const auto& table = node().members();
    std::vector<RingPeer> out;
    for (ring::Slot slot = 0; slot < table.bound(); ++slot) {
        if (!table.used(slot)) continue;
        const auto& entry = table.at(slot);
        out.push_back({table.id(slot).to_string(), table.contact(slot), entry.health,
                       entry.incarnation, entry.persistent, entry.departed, entry.kind});
    }
    std::sort(out.begin(), out.end(),
              [](const RingPeer& a, const RingPeer& b) { return a.id < b.id; });
    return out;
}

std::string RingMembership::status_json() const {
    Object out;
    Object me = member_object(id_.to_string(), "alive", node().incarnation(), persistent_);
    me.set("swim", swim_address().to_string());
    me.set("gossip", gossip_address().to_string());
    me.set("sealed", sealed_);
    me.set("local_health", static_cast<std::int64_t>(node().local_health()));
    out.set("me", std::move(me));
    Array members;
    for (const RingPeer& peer : peers()) {
        Object one =
            member_object(peer.id, ring::to_string(peer.health), peer.incarnation, peer.persistent);
        one.set("address", peer.contact.address.to_string());
        one.set("swim_port", static_cast<std::int64_t>(peer.contact.swim_port));
        one.set("gossip_port", static_cast<std::int64_t>(peer.contact.gossip_port));
        one.set("kind", std::string(kind_word(peer.kind)));
        members.push_back(Value(std::move(one)));
    }
    out.set("members", std::move(members));
    Array groups;
    for (const std::string& name : node().census_groups()) {
        if (const auto census = node().census(name))
            groups.push_back(group_value(view_of(*census), files(name)));
    }
    out.set("groups", std::move(groups));
    Object counts;
    counts.set("rumors", number(node().rumors().all().size()));
    counts.set("not_authentic", number(driver_->counts().not_authentic));
    counts.set("malformed", number(driver_->counts().malformed));
    counts.set("refused", number(refused_));
    out.set("counts", std::move(counts));
    return to_json(Value(std::move(out)), true);
}

}  // namespace hab::supervisor
