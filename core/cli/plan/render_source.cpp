// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/render_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "build/build_error.hpp"
#include "build/plan_file.hpp"

namespace hab::cli {
namespace {

std::vector<std::string> files_below(const fs::path& directory) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(directory, none)) {
        if (entry.is_regular_file()) {
            names.push_back(entry.path().lexically_relative(directory).generic_string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// hooks/run.sh becomes hooks/run, as a build does it.
std::string hook_name(const std::string& file) {
    return "hooks/" + file.substr(0, file.rfind('.'));
}

RenderSource from_plan(const fs::path& context) {
    RenderSource out;
    try {
        const auto found = build::find_plan(context, package::Target::active());
        out.plan_dir = found.dir;
        out.warning = found.warning;
    } catch (const build::BuildError& error) {
        throw Error(error.code(), error.message(),
                    "give the directory that contains the plan, or a template: "
                    "hab plan render CONTEXT");
    }
    // As people write it: "habitat/config/a.conf" and not "./habitat/config/a.conf".
    const fs::path& dir = *out.plan_dir;
    const auto in = [&](std::string_view part) { return (dir / part).lexically_normal(); };
    out.plan = PlanSketch::read(read_file(dir / "plan.sh", 8u << 20));
    out.default_toml = in("default.toml");
    RenderSet first;
    for (const std::string& name : files_below(dir / "config"))
        first.push_back({in("config/" + name), name, "config/" + name});
    for (const std::string& name : files_below(dir / "hooks"))
        first.push_back({in("hooks/" + name), hook_name(name), hook_name(name)});
    RenderSet install;
    for (const std::string& name : files_below(dir / "config_install"))
        install.push_back({in("config_install/" + name), name, "config_install/" + name});
    for (auto* set : {&first, &install}) {
        if (!set->empty()) out.sets.push_back(std::move(*set));
    }
    return out;
}

/// The plan that a template lies in: the directory above its config/ or hooks/.
std::optional<fs::path> plan_around(const fs::path& file) {
    for (fs::path dir = file.parent_path(); !dir.empty() && dir != dir.root_path();
         dir = dir.parent_path()) {
        const fs::path name = dir.filename();
        if (name != "config" && name != "hooks" && name != "config_install") continue;
        std::error_code none;
        if (fs::is_regular_file(dir.parent_path() / "plan.sh", none)) return dir.parent_path();
    }
    return std::nullopt;
}

RenderSource from_file(const fs::path& given) {
    RenderSource out;
    const fs::path file = fs::absolute(given).lexically_normal();
    const std::string name = file.filename().string();
    out.plan_dir = plan_around(file);
    if (!out.plan_dir) {
        out.default_toml = fs::current_path() / "default.toml";
        out.sets.push_back({{given, name, name}});
        return out;
    }
    const RenderSource plan = from_plan(*out.plan_dir);
    out.plan = plan.plan;
    out.default_toml = plan.default_toml;
    for (RenderSet set : plan.sets) {
        bool holds_it = false;
        for (RenderFile& each : set) {
            each.wanted = fs::absolute(each.source) == file;
            if (!each.wanted) continue;
            holds_it = true;
            each.source = given;
            each.target = name;
        }
        if (holds_it) out.sets.push_back(std::move(set));
    }
    return out;
}

}  // namespace

RenderSource RenderSource::find(const fs::path& context) {
    std::error_code none;
    const auto status = fs::status(context, none);
    if (!fs::exists(status)) {
        throw Error(ErrorCode::not_found, fmt::format("there is no '{}'", context.string()),
                    "give the directory that contains the plan, or a template: "
                    "hab plan render CONTEXT");
    }
    return fs::is_directory(status) ? from_plan(context) : from_file(context);
}

}  // namespace hab::cli
