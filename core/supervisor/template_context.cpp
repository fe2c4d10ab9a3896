// SPDX-License-Identifier: Apache-2.0
#include "supervisor/template_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "config/changes.hpp"
#include "package/ident.hpp"
#include "supervisor/ring/member_value.hpp"

namespace hab::supervisor {
namespace {

Value ident_object(const std::string& text) {
    // That of another member may be anything.
    const auto ident = package::Ident::try_parse(text).value_or(package::Ident{});
    Object out;
    out.set("origin", ident.origin);
    out.set("name", ident.name);
    out.set("version", ident.version);
    out.set("release", ident.release);
    return Value(std::move(out));
}

/// sys of a member: the part of sys that others may know.
Object member_system(const SystemState& system) {
    Object out;
    out.set("ip", system.ip);
    out.set("hostname", system.hostname);
    out.set("gossip_ip", system.gossip_ip);
    out.set("gossip_port", static_cast<std::int64_t>(system.gossip_port));
    out.set("http_gateway_ip", system.http_gateway_ip);
    out.set("http_gateway_port", static_cast<std::int64_t>(system.http_gateway_port));
    out.set("ctl_gateway_ip", system.ctl_gateway_ip);
    out.set("ctl_gateway_port", static_cast<std::int64_t>(system.ctl_gateway_port));
    return out;
}

Object system_object(const SystemState& system) {
    Object out = member_system(system);
    out.set("version", system.version);
    out.set("member_id", system.member_id);
    out.set("permanent", system.permanent);
    out.set("sidecar_ip", system.http_gateway_ip);
    out.set("sidecar_port", static_cast<std::int64_t>(system.http_gateway_port));
    return out;
}

Object text_object(const std::vector<std::pair<std::string, std::string>>& pairs) {
    Object out;
    for (const auto& [key, value] : pairs)
        out.set(key, value);
    return out;
}

Array text_array(const std::vector<std::string>& texts) {
    Array out;
    for (const auto& text : texts)
        out.emplace_back(text);
    return out;
}

Object package_object(const PackageState& package) {
    Object out;
    out.set("ident", package.ident);
    out.set("origin", package.origin);
    out.set("name", package.name);
    out.set("version", package.version);
    out.set("release", package.release);
    Array deps;
    for (const auto& dep : package.dependencies)
        deps.push_back(ident_object(dep));
    out.set("deps", std::move(deps));
    out.set("env", text_object(package.env));
    out.set("exposes", text_array(package.exposes));
    out.set("exports", text_object(package.exports));
    out.set("path", package.path);
    out.set("svc_path", package.svc_path);
    out.set("svc_config_path", package.svc_config_path);
    out.set("svc_data_path", package.svc_data_path);
    out.set("svc_files_path", package.svc_files_path);
    out.set("svc_static_path", package.svc_static_path);
    out.set("svc_var_path", package.svc_var_path);
    out.set("svc_pid_file", package.svc_pid_file);
    out.set("svc_run", package.svc_run);
    out.set("svc_user", package.svc_user);
    out.set("svc_group", package.svc_group);
    return out;
}

/// What svc and each of its members say of the group's elections.
void set_elections(Object& out, const RingGroup* group) {
    static const RingElection none;
    const auto set = [&out](const std::string& prefix, const RingElection& election) {
        out.set(prefix + "is_running", election.state == ElectionState::running);
        out.set(prefix + "no_quorum", election.state == ElectionState::no_quorum);
        out.set(prefix + "finished", election.state == ElectionState::finished);
    };
    set("election_", group == nullptr ? none : group->election);
    set("update_election_", group == nullptr ? none : group->update_election);
}

void set_roles(Object& out, const RingGroup* group, const std::string& id) {
    const auto set = [&](const std::string& prefix, const std::string& leader) {
        out.set(prefix + "leader", !leader.empty() && leader == id);
        out.set(prefix + "follower", !leader.empty() && leader != id);
    };
    set("", group == nullptr ? std::string() : group->election.leader);
    set("update_", group == nullptr ? std::string() : group->update_election.leader);
}

void set_health(Object& out, ring::Health health) {
    out.set("alive", health == ring::Health::alive);
    out.set("suspect", health == ring::Health::suspect);
    out.set("confirmed", health == ring::Health::confirmed);
    out.set("departed", health == ring::Health::departed);
}

void set_group(Object& out, const ServiceGroup& group) {
    out.set("service", group.service);
    out.set("group", group.group);
    out.set("org", group.organization.empty() ? Value() : Value(group.organization));
}

/// 2016 templates read {{ip}} and {{port}} of a member directly.
void set_flat_names(Object& out, const std::string& id, const std::string& ip,
                    const std::string& hostname) {
    out.set("id", id);
    out.set("ip", ip);
    out.set("hostname", hostname);
}

void set_exposes(Object& out, const PackageState& package) {
    out.set("exposes", text_array(package.exposes));
    if (!package.exposes.empty()) out.set("port", package.exposes.front());
}

Object own_member(const ContextInput& input, const RingGroup* group) {
    const RingMember* const me = group == nullptr ? nullptr : group->find(input.system.member_id);
    Object out;
    out.set("member_id", input.system.member_id);
    set_group(out, input.group);
    out.set("package", input.package.ident);
    out.set("pkg", ident_object(input.package.ident));
    out.set("pkg_incarnation",
            static_cast<std::int64_t>(me == nullptr ? 0 : me->package_incarnation));
    out.set("persistent", true);
    set_roles(out, group, input.system.member_id);
    set_elections(out, group);
    set_health(out, ring::Health::alive);
    out.set("cfg", exported_config(input.package, input.cfg));
    out.set("sys", member_system(input.system));
    set_flat_names(out, input.system.member_id, input.system.ip, input.system.hostname);
    set_exposes(out, input.package);
    return out;
}

/// `package`: of the own group's members; null for those of binds, of which only exports are known.
Object other_member(const RingMember& member, const RingGroup& group, const ServiceGroup& name,
                    const PackageState* package) {
    SystemState system;
    system.ip = member.ip;
    system.hostname = member.hostname;
    system.gossip_ip = member.gossip_ip;
    system.gossip_port = member.gossip_port;
    system.http_gateway_ip = member.http_ip;
    system.http_gateway_port = member.http_port;
    system.ctl_gateway_ip = member.control_ip;
    system.ctl_gateway_port = member.control_port;
    Object out;
    out.set("member_id", member.id);
    set_group(out, name);
    out.set("package", member.ident);
    out.set("pkg", ident_object(member.ident));
    out.set("pkg_incarnation", static_cast<std::int64_t>(member.package_incarnation));
    out.set("persistent", true);
    set_roles(out, &group, member.id);
    set_elections(out, &group);
    set_health(out, member.health);
    out.set("cfg", member.config);
    out.set("sys", member_system(system));
    set_flat_names(out, member.id, member.ip, member.hostname);
    if (package != nullptr) {
        set_exposes(out, *package);
    } else if (const Value* const port = member.config.at_path("port")) {
        out.set("port", *port);
    }
    return out;
}

/// Members as lists and roles show them. `of` makes one.
struct MemberLists {
    Array active, all;
    Value leader, update_leader, first;
};

template <typename Make>
void add_members(MemberLists& out, const RingGroup& group, const Make& make) {
    const RingMember* const first = group.first();
    for (const RingMember& member : group.members) {
        Value one(make(member));
        if (member.id == group.election.leader) out.leader = one;
        if (member.id == group.update_election.leader) out.update_leader = one;
        if (&member == first && out.first.is_null()) out.first = one;
        if (member.is_active()) out.active.push_back(one);
        out.all.push_back(std::move(one));
    }
}

Object service_object(const ContextInput& input) {
    const RingGroup* group = input.ring == nullptr ? nullptr : input.ring->group.get();
    Value me(own_member(input, group));
    MemberLists lists;
    if (group != nullptr) {
        add_members(lists, *group, [&](const RingMember& member) {
            return member.is_me ? *me.as_object()
                                : other_member(member, *group, input.group, &input.package);
        });
    }
    // Before the ring knows of this service, and if it is all of its group.
    if (group == nullptr || group->find(input.system.member_id) == nullptr) {
        lists.active.push_back(me);
        lists.all.push_back(me);
        if (lists.first.is_null()) lists.first = me;
    }
    Object out;
    set_group(out, input.group);
    out.set("ident", input.group.to_string());
    set_elections(out, group);
    out.set("me", std::move(me));
    out.set("members", std::move(lists.active));
    out.set("all", std::move(lists.all));
    out.set("leader", std::move(lists.leader));
    out.set("update_leader", std::move(lists.update_leader));
    out.set("first", std::move(lists.first));
    return out;
}

Object bind_object(const ContextInput& input) {
    std::map<std::string, MemberLists> by_name;
    if (input.ring != nullptr) {
        for (const RingContext::Bind& bind : input.ring->binds) {
            const ServiceGroup name = ServiceGroup::parse(bind.group->name);
            add_members(by_name[bind.name], *bind.group, [&](const RingMember& member) {
                return other_member(member, *bind.group, name, nullptr);
            });
        }
    }
    Object out;
    for (const auto& name : input.bind_names)
        out.set("has_" + name, by_name.contains(name));
    for (auto& [name, lists] : by_name) {
        Object one;
        one.set("first", std::move(lists.first));
        one.set("leader", std::move(lists.leader));
        one.set("members", std::move(lists.active));
        one.set("all", std::move(lists.all));
        out.set("has_" + name, true);
        out.set(name, std::move(one));
    }
    return out;
}

/// Where the data of its group shows this member.
std::vector<std::string> places_of_me(const ContextInput& input) {
    const RingGroup* const group = input.ring == nullptr ? nullptr : input.ring->group.get();
    const std::string& id = input.system.member_id;
    if (group == nullptr) return {"/svc/me", "/svc/members/0", "/svc/all/0", "/svc/first"};
    std::vector<std::string> out{"/svc/me"};
    std::size_t active = 0;
    std::size_t all = 0;
    for (const RingMember& member : group->members) {
        if (member.id == id) break;
        ++all;
        if (member.is_active()) ++active;
    }
    out.push_back(fmt::format("/svc/members/{}", active));
    out.push_back(fmt::format("/svc/all/{}", all));
    const RingMember* const first = group->first();
    if (first == nullptr || first->id == id) out.emplace_back("/svc/first");
    const bool listed = group->find(id) != nullptr;
    if (listed && group->election.leader == id) out.emplace_back("/svc/leader");
    if (listed && group->update_election.leader == id) out.emplace_back("/svc/update_leader");
    return out;
}

/// Whether the value at a dotted path, one above it or one inside of it is among the changes.
bool touches(const std::string& path, std::span<const std::string> changes) {
    const std::string whole = path + ".";
    return std::any_of(changes.begin(), changes.end(), [&](const std::string& change) {
        const std::string other = config::dotted(change) + ".";
        return change.empty() || whole.starts_with(other) || other.starts_with(whole);
    });
}

}  // namespace

std::vector<ContextChange> config_changes(const ContextInput& input,
                                          std::span<const std::string> cfg_changes) {
    std::vector<ContextChange> out{{"/cfg", input.cfg, {}}};
    for (const std::string& change : cfg_changes)
        out.front().changed.push_back("/cfg" + change);
    const Value exported(exported_config(input.package, input.cfg));
    for (const std::string& member : places_of_me(input)) {
        ContextChange part{member + "/cfg", exported, {}};
        for (const auto& [name, path] : input.package.exports) {
            if (touches(path, cfg_changes)) {
                part.changed.push_back(part.pointer + config::pointer_step(name));
            }
        }
        if (!part.changed.empty()) out.push_back(std::move(part));
    }
    return out;
}

Value other_member_value(const RingMember& member, const RingGroup& group) {
    return Value(other_member(member, group, ServiceGroup::parse(group.name), nullptr));
}

std::vector<ContextChange> ring_changes(const ContextInput& before, const ContextInput& after) {
    std::vector<ContextChange> out;
    const auto add = [&out](const std::string& pointer, const Value& old, Value fresh) {
        ContextChange part{pointer, Value(), {}};
        for (const std::string& path : config::changed_paths(old, fresh))
            part.changed.push_back(pointer + path);
        part.part = std::move(fresh);
        if (!part.changed.empty()) out.push_back(std::move(part));
    };
    add("/svc", Value(service_object(before)), Value(service_object(after)));
    add("/bind", Value(bind_object(before)), Value(bind_object(after)));
    return out;
}

Object exported_config(const PackageState& package, const Value& cfg) {
    Object out;
    for (const auto& [name, path] : package.exports) {
        if (const Value* value = cfg.at_path(path)) out.set(name, *value);
    }
    return out;
}

Value package_context(const PackageState& package, const Value& cfg) {
    Object out;
    out.set("pkg", package_object(package));
    out.set("cfg", cfg);
    return Value(std::move(out));
}

Value template_context(const ContextInput& input) {
    Object hab;
    hab.set("version", input.system.version);
    Object out;
    out.set("sys", system_object(input.system));
    out.set("hab", std::move(hab));
    out.set("pkg", package_object(input.package));
    out.set("cfg", input.cfg);
    out.set("svc", service_object(input));
    out.set("bind", bind_object(input));
    return Value(std::move(out));
}

}  // namespace hab::supervisor
