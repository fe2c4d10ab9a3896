// SPDX-License-Identifier: Apache-2.0
#include "cli/ring/sim_plan.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/plan/render_source.hpp"
#include "config/layers.hpp"
#include "config/toml.hpp"

namespace hab::cli {
namespace {

/// TOML of what the plan exports; a name without a value is left out, as a supervisor does it.
std::string exports_of(const PlanSketch& plan, const Value& cfg) {
    Object exported;
    for (const auto& [name, path] : plan.map("pkg_exports")) {
        if (const Value* value = cfg.at_path(path)) exported.set(name, *value);
    }
    return config::to_toml(Value(std::move(exported)));
}

void add_binds(const PlanSketch& plan, const char* variable, bool required,
               std::vector<ring::sim::PlanBind>& binds) {
    for (const auto& [name, keys] : plan.map(variable)) {
        ring::sim::PlanBind bind{name, {}, required};
        for (const std::string_view key : split(keys, ' '))
            if (!key.empty()) bind.keys.emplace_back(key);
        binds.push_back(std::move(bind));
    }
}

}  // namespace

ring::sim::Plan simulated_plan(const fs::path& context) {
    const RenderSource source = RenderSource::find(context);
    ring::sim::Plan out;
    out.context = context.string();
    out.name = source.plan.text("pkg_name");
    if (out.name.empty() || !source.plan_dir) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{} is no plan that names its package", context.string()),
                    "give the directory that contains a plan.sh with pkg_name");
    }
    const std::string origin = source.plan.text("pkg_origin");
    const std::string version = source.plan.text("pkg_version");
    out.ident = fmt::format("{}/{}/{}/20000101000000", origin.empty() ? "unknown" : origin,
                            out.name, version.empty() ? "unknown" : version);
    config::LayerSources layers;
    layers.service = out.name;
    layers.default_toml = source.default_toml;
    layers.schema_toml = *source.plan_dir / config::schema_file_name;
    layers.may_lack_values = true;
    const auto config = config::ServiceConfig::load(std::move(layers));
    out.exports = exports_of(source.plan, config.merged());
    add_binds(source.plan, "pkg_binds", true, out.binds);
    add_binds(source.plan, "pkg_binds_optional", false, out.binds);
    return out;
}

}  // namespace hab::cli
