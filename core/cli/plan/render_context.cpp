// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/render_context.hpp"

#include <cstdlib>

#include "base/json.hpp"
#include "package/ident.hpp"
#include "supervisor/service_package.hpp"
#include "supervisor/template_context.hpp"

namespace hab::cli {
namespace {

constexpr const char* unknown = "unknown";

std::string or_else(std::string text, const char* other) {
    return text.empty() ? std::string(other) : text;
}

std::string dependency(const std::string& text) {
    auto ident = package::Ident::try_parse(text);
    if (!ident) return {};
    if (ident->version.empty()) ident->version = unknown;
    if (ident->release.empty()) ident->release = unknown;
    return ident->to_string();
}

/// Ports by the exported names, as the build puts them into EXPOSES.
std::vector<std::string> exposed(const PlanSketch& plan, const Value& cfg) {
    const auto exports = plan.map("pkg_exports");
    std::vector<std::string> ports;
    for (const std::string& name : plan.list("pkg_exposes")) {
        const auto found = exports.find(name);
        const Value* value = found == exports.end() ? nullptr : cfg.at_path(found->second);
        if (value == nullptr) continue;
        ports.push_back(value->as_string() != nullptr ? *value->as_string() : to_json(*value));
    }
    return ports;
}

supervisor::PackageState package_state(const PlanSketch& plan, const Value& cfg) {
    supervisor::PackageState out;
    const char* origin = std::getenv("HAB_ORIGIN");
    const bool given = origin != nullptr && *origin != '\0';
    out.origin = given ? origin : or_else(plan.text("pkg_origin"), unknown);
    out.name = or_else(plan.text("pkg_name"), unknown);
    out.version = or_else(plan.text("pkg_version"), unknown);
    out.release = "20000101000000";
    out.ident = out.origin + "/" + out.name + "/" + out.version + "/" + out.release;
    for (const std::string& dep : plan.list("pkg_deps")) {
        if (auto ident = dependency(dep); !ident.empty()) out.dependencies.push_back(ident);
    }
    for (const auto& [name, path] : plan.map("pkg_exports"))
        out.exports.emplace_back(name, path);
    out.exposes = exposed(plan, cfg);
    out.path = "/hab/pkgs/" + out.ident;
    supervisor::set_service_paths(out, "/hab/svc/" + out.name);
    out.svc_user = or_else(plan.text("pkg_svc_user"), "hab");
    out.svc_group = or_else(plan.text("pkg_svc_group"), "hab");
    return out;
}

/// Names of the binds that the plan declares.
std::vector<std::string> declared_binds(const PlanSketch& plan) {
    std::vector<std::string> names;
    for (const char* variable : {"pkg_binds", "pkg_binds_optional"}) {
        for (const auto& entry : plan.map(variable))
            names.push_back(entry.first);
    }
    return names;
}

}  // namespace

Value render_context(const PlanSketch& plan, const Value& cfg) {
    supervisor::SystemState system;
    system.version = unknown;
    system.member_id = "00000000000000000000000000000000";
    system.ip = "127.0.0.1";
    system.hostname = "localhost";
    system.http_gateway_ip = "0.0.0.0";
    system.http_gateway_port = 9631;
    system.ctl_gateway_ip = "127.0.0.1";
    system.ctl_gateway_port = 9632;
    const auto package = package_state(plan, cfg);
    const auto binds = declared_binds(plan);
    return supervisor::template_context(
        {system, package, supervisor::ServiceGroup{package.name, "default", {}}, cfg, binds});
}

}  // namespace hab::cli
