// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/ring_json.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "ring/codec/codec.hpp"
#include "supervisor/http/fields.hpp"
#include "supervisor/ring/member_value.hpp"
#include "supervisor/ring/ring_membership.hpp"
#include "supervisor/template_context.hpp"

namespace hab::supervisor::http {

namespace {

/// As serde writes upstream's enum.
const char* health_word(ring::Health health) noexcept {
    switch (health) {
        case ring::Health::alive:
            return "Alive";
        case ring::Health::suspect:
            return "Suspect";
        case ring::Health::confirmed:
            return "Confirmed";
        case ring::Health::departed:
            break;
    }
    return "Departed";
}

/// What a service would be in a ring that knows nothing but this supervisor.
RingGroup alone(const ServiceSnapshot& service, const SystemState& system) {
    RingGroup group;
    group.name = service.group;
    if (!service.pkg) return group;
    RingMember me;
    me.id = system.member_id;
    me.is_me = true;
    me.initialized = service.initialized;
    me.ident = service.pkg->ident;
    group.members.push_back(std::move(me));
    return group;
}

/// The ring takes names from others that no service of ours may have; templates have no words for
/// such a group, so one member's nonsense must not hide the groups of all others.
bool is_group(const std::string& name) {
    try {
        (void)ServiceGroup::parse(name);
        return true;
    } catch (const Error&) {
        return false;
    }
}

std::vector<RingGroupPtr> groups_of(const ServiceList& services, const SystemState& system,
                                    const RingMembership* ring) {
    std::vector<RingGroupPtr> out;
    if (ring == nullptr) {
        for (const auto& service : services)
            out.push_back(std::make_shared<const RingGroup>(alone(*service, system)));
        return out;
    }
    for (const std::string& name : ring->node().census_groups()) {
        if (!is_group(name)) continue;
        if (auto group = ring->look(name))
            out.push_back(std::make_shared<const RingGroup>(std::move(*group)));
    }
    return out;
}

/// One's own service is shown without the secrets among what it exports.
Value member_value(const RingMember& member, const RingGroupPtr& group, const ServiceList& services,
                   const SystemState& system) {
    if (member.is_me) {
        for (const auto& service : services) {
            if (service->group == group->name) return member_json(*service, system, group);
        }
    }
    return other_member_value(member, *group);
}

Value config_value(const RingGroup& group) {
    if (group.config_version == 0) return {};
    return Fields().add("incarnation", integer(group.config_version)).add("value", Value());
}

Value files_value(const RingGroup& group, const RingMembership* ring) {
    Object files;
    if (ring == nullptr) return files;
    for (const auto& file : ring->files(group.name)) {
        files.set(file.name, Fields()
                                 .add("filename", file.name)
                                 .add("incarnation", integer(file.version))
                                 .add("body", Array()));
    }
    return files;
}

Value census_group(const RingGroupPtr& group, const ServiceList& services,
                   const SystemState& system, const RingMembership* ring) {
    Object population;
    std::uint64_t newest = 0;
    for (const RingMember& member : group->members) {
        newest = std::max(newest, member.package_incarnation);
        population.set(member.id, member_value(member, group, services, system));
    }
    return Fields()
        .add("service_group", group->name)
        .add("election_status", std::string(to_string(group->election.state)))
        .add("update_election_status", std::string(to_string(group->update_election.state)))
        .add("pkg_incarnation", newest == 0 ? Value() : integer(newest))
        .add("leader_id", text_or_null(group->election.leader))
        .add("update_leader_id", text_or_null(group->update_election.leader))
        .add("local_member_id", system.member_id)
        .add("service_config", config_value(*group))
        .add("changed_service_files", Array())
        .add("service_files", files_value(*group, ring))
        .add("population", std::move(population));
}

Object member_entry(const std::string& id, std::uint64_t incarnation, const std::string& address,
                    std::uint16_t swim_port, std::uint16_t stream_port) {
    Object out;
    out.set("id", id);
    out.set("incarnation", integer(incarnation));
    out.set("address", address);
    out.set("swim_port", static_cast<std::int64_t>(swim_port));
    out.set("gossip_port", static_cast<std::int64_t>(stream_port));
    return out;
}

struct Members {
    Object members, health, membership;

    void add(Object entry, bool persistent, bool departed, ring::Health is) {
        const std::string id = *entry.find("id")->as_string();
        entry.set("persistent", persistent);
        entry.set("departed", departed);
        members.set(id, entry);
        health.set(id, health_word(is));
        entry.set("health", health_word(is));
        membership.set(id, std::move(entry));
    }
};

Members members_of(const SystemState& system, const RingMembership* ring) {
    Members out;
    const std::uint64_t own = ring == nullptr ? 0 : ring->node().incarnation();
    out.add(member_entry(system.member_id, own, system.ip,
                         ring == nullptr ? system.gossip_port : ring->swim_address().port,
                         ring == nullptr ? system.gossip_port : ring->gossip_address().port),
            system.permanent, false, ring::Health::alive);
    if (ring == nullptr) return out;
    for (const RingPeer& peer : ring->peers()) {
        out.add(member_entry(peer.id, peer.incarnation, peer.contact.address.to_string(),
                             peer.contact.swim_port, peer.contact.gossip_port),
                peer.persistent, peer.departed, peer.health);
    }
    return out;
}

Value service_rumor(const RingMember& member, const RingGroupPtr& group,
                    const ServiceList& services, const SystemState& system) {
    const Value shown = member_value(member, group, services, system);
    const Value* const cfg = shown.at_path("cfg");
    const Value* const sys = shown.at_path("sys");
    return Fields()
        .add("member_id", member.id)
        .add("service_group", group->name)
        .add("incarnation", integer(member.incarnation))
        .add("initialized", member.initialized)
        .add("pkg", member.ident)
        .add("pkg_incarnation", integer(member.package_incarnation))
        .add("cfg", cfg != nullptr ? *cfg : Value(Object()))
        .add("sys", sys != nullptr ? *sys : Value(Object()));
}

const char* status_word(ring::ElectionStatus status) noexcept {
    switch (status) {
        case ring::ElectionStatus::running:
            return "Running";
        case ring::ElectionStatus::no_quorum:
            return "NoQuorum";
        case ring::ElectionStatus::finished:
            break;
    }
    return "Finished";
}

/// A rumor that is not of a member or service, without its body.
Value rumor_value(const ring::RumorKey& key, const ring::HeldRumor& held) {
    Fields out;
    if (key.kind == ring::RumorKind::departure)
        return Fields().add("member_id", key.member.to_string());
    out.add("service_group", key.group).add("incarnation", integer(held.version));
    ring::Rumor rumor;
    if (ring::decode_rumor(*held.bytes, rumor) != ring::Refusal::none) return out;
    if (const auto* const config = std::get_if<ring::ConfigRumor>(&rumor.body)) {
        out.add("encrypted", config->encrypted).add("config", Array());
    } else if (const auto* const file = std::get_if<ring::FileRumor>(&rumor.body)) {
        out.add("encrypted", file->encrypted)
            .add("filename", std::string(file->filename))
            .add("body", Array());
    } else if (const auto* const election = std::get_if<ring::ElectionRumor>(&rumor.body)) {
        Array votes;
        for (const ring::MemberId& vote : election->votes)
            votes.emplace_back(vote.to_string());
        return Fields()
            .add("member_id", election->candidate.to_string())
            .add("service_group", key.group)
            .add("term", integer(election->term))
            .add("suitability", integer(election->suitability))
            .add("status", status_word(election->status))
            .add("votes", std::move(votes));
    }
    return out;
}

struct RumorKindNames {
    ring::RumorKind kind;
    const char* name;  ///< of upstream's store
    const char* flat;  ///< of its flattened list
    const char* id;    ///< key inside the group; empty: the file's name
};
constexpr RumorKindNames other_kinds[] = {
    {ring::RumorKind::service_config, "service_config", "latest_service_config", "service_config"},
    {ring::RumorKind::service_file, "service_file", "service_files", ""},
    {ring::RumorKind::election, "election", "latest_election", "election"},
    {ring::RumorKind::election_update, "election_update", "latest_election_update", "election"},
    {ring::RumorKind::departure, "departure", "departed_members", "departure"},
};

Value rumors(Object by_group, std::size_t count) {
    return Fields().add("list", std::move(by_group)).add("update_counter", integer(count));
}

void add_other_kind(Fields& stores, Fields& flats, const RumorKindNames& names,
                    const RingMembership* ring) {
    Object by_group;
    Array flat;
    if (ring != nullptr) {
        for (const auto& [key, held] : ring->node().rumors().all()) {
            if (key.kind != names.kind) continue;
            const bool departure = key.kind == ring::RumorKind::departure;
            const std::string group = departure ? names.id : key.group;
            const std::string id = departure           ? key.member.to_string()
                                   : *names.id == '\0' ? key.name
                                                       : std::string(names.id);
            Value value = rumor_value(key, held);
            Value* const there = by_group.find(group);
            if (there != nullptr && there->as_object() != nullptr) {
                there->as_object()->set(id, value);
            } else {
                Object fresh;
                fresh.set(id, value);
                by_group.set(group, std::move(fresh));
            }
            flat.push_back(departure ? Value(id) : std::move(value));
        }
    }
    stores.add(names.name, rumors(std::move(by_group), flat.size()));
    flats.add(names.flat, std::move(flat));
}

}  // namespace

Value member_json(const ServiceSnapshot& service, const SystemState& system, RingGroupPtr group) {
    if (!service.pkg) return {};
    static const std::vector<std::string> no_binds;
    static const Value no_config{Object()};
    auto ring = std::make_shared<RingContext>();
    ring->group = std::move(group);
    const Value context =
        template_context({system, *service.pkg, ServiceGroup::parse(service.group),
                          service.cfg ? *service.cfg : no_config, no_binds, ring});
    const Value* const me = context.at_path("svc.me");
    return me != nullptr ? *me : Value();
}

Value census_json(const ServiceList& services, const SystemState& system,
                  const RingMembership* ring) {
    Object groups;
    for (const RingGroupPtr& group : groups_of(services, system, ring))
        groups.set(group->name, census_group(group, services, system, ring));
    Fields out;
    out.add("changed", false).add("local_member_id", system.member_id);
    for (const char* rumor : {"service", "election", "election_update", "membership",
                              "service_config", "service_file"}) {
        out.add(std::string("last_") + rumor + "_counter", 0);
    }
    out.add("census_groups", std::move(groups));
    return out;
}

Value butterfly_json(const ServiceList& services, const SystemState& system,
                     const RingMembership* ring) {
    Object by_group;
    Array flat;
    for (const RingGroupPtr& group : groups_of(services, system, ring)) {
        Object of_group;
        for (const RingMember& member : group->members) {
            Value rumor = service_rumor(member, group, services, system);
            flat.push_back(rumor);
            of_group.set(member.id, std::move(rumor));
        }
        by_group.set(group->name, std::move(of_group));
    }
    Members members = members_of(system, ring);
    const std::size_t count = flat.size();
    Fields out;
    Fields flats;
    out.add("member", Fields()
                          .add("members", std::move(members.members))
                          .add("health", std::move(members.health))
                          .add("update_counter", 1));
    out.add("membership", std::move(members.membership));
    out.add("service", rumors(std::move(by_group), count));
    for (const RumorKindNames& names : other_kinds)
        add_other_kind(out, flats, names, ring);
    out.add("services", std::move(flat));
    const Value rest = flats;
    for (const auto& [name, list] : *rest.as_object())
        out.add(name, list);
    return out;
}

}  // namespace hab::supervisor::http
