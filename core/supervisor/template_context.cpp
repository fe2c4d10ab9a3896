// SPDX-License-Identifier: Apache-2.0
#include "supervisor/template_context.hpp"

#include <algorithm>

#include "config/changes.hpp"
#include "package/ident.hpp"

namespace hab::supervisor {
namespace {

constexpr std::int64_t gossip_port = 9638;
constexpr const char* gossip_address = "0.0.0.0";

Value ident_object(const std::string& text) {
    const auto ident = package::Ident::parse(text);
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
    out.set("gossip_ip", gossip_address);
    out.set("gossip_port", gossip_port);
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
    out.set("permanent", false);
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

/// No election exists without a ring: nothing runs and nobody leads.
void set_elections(Object& out) {
    for (const char* prefix : {"", "update_"}) {
        for (const char* state : {"is_running", "no_quorum", "finished"}) {
            out.set(std::string(prefix) + "election_" + state, false);
        }
    }
}

/// 2016 templates read {{ip}} and {{port}} of a member directly.
void set_flat_names(Object& out, const ContextInput& input) {
    out.set("id", input.system.member_id);
    out.set("ip", input.system.ip);
    out.set("hostname", input.system.hostname);
    out.set("exposes", text_array(input.package.exposes));
    if (!input.package.exposes.empty()) out.set("port", input.package.exposes.front());
}

Object member_object(const ContextInput& input) {
    Object out;
    out.set("member_id", input.system.member_id);
    out.set("service", input.group.service);
    out.set("group", input.group.group);
    out.set("org", input.group.organization.empty() ? Value() : Value(input.group.organization));
    out.set("package", input.package.ident);
    out.set("pkg", ident_object(input.package.ident));
    out.set("pkg_incarnation", 0);
    out.set("persistent", true);
    for (const char* flag : {"leader", "follower", "update_leader", "update_follower"}) {
        out.set(flag, false);
    }
    set_elections(out);
    out.set("alive", true);
    for (const char* flag : {"suspect", "confirmed", "departed"})
        out.set(flag, false);
    out.set("cfg", exported_config(input.package, input.cfg));
    out.set("sys", member_system(input.system));
    set_flat_names(out, input);
    return out;
}

Object service_object(const ContextInput& input) {
    Value me(member_object(input));
    Object out;
    out.set("service", input.group.service);
    out.set("group", input.group.group);
    out.set("org", input.group.organization.empty() ? Value() : Value(input.group.organization));
    out.set("ident", input.group.to_string());
    set_elections(out);
    Array members;  // not from a list in braces, which would copy each twice
    members.push_back(me);
    out.set("me", me);
    out.set("members", members);
    out.set("all", std::move(members));
    out.set("leader", Value());
    out.set("update_leader", Value());
    out.set("first", std::move(me));
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
    // This member, wherever the data of its group shows it.
    for (const char* member : {"/svc/me", "/svc/members/0", "/svc/all/0", "/svc/first"}) {
        ContextChange part{std::string(member) + "/cfg", exported, {}};
        for (const auto& [name, path] : input.package.exports) {
            if (touches(path, cfg_changes)) {
                part.changed.push_back(part.pointer + config::pointer_step(name));
            }
        }
        if (!part.changed.empty()) out.push_back(std::move(part));
    }
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
    Object bind;
    for (const auto& name : input.bind_names)
        bind.set("has_" + name, false);
    Object hab;
    hab.set("version", input.system.version);
    Object out;
    out.set("sys", system_object(input.system));
    out.set("hab", std::move(hab));
    out.set("pkg", package_object(input.package));
    out.set("cfg", input.cfg);
    out.set("svc", service_object(input));
    out.set("bind", std::move(bind));
    return Value(std::move(out));
}

}  // namespace hab::supervisor
