// SPDX-License-Identifier: Apache-2.0
#include "build/plan_names.hpp"

#include <fmt/format.h>

#include "build/source_name.hpp"

namespace hab::build {

PlanValues::Map complete_plan(PlanValues& plan) {
    PlanValues::Map changed;
    const auto& environment = plan.map("_hab_environ");
    const auto origin = environment.find("HAB_ORIGIN");
    if (origin != environment.end() && !origin->second.empty())
        changed["pkg_origin"] = origin->second;
    if (plan.text("pkg_svc_group").empty()) changed["pkg_svc_group"] = plan.text("pkg_svc_user");
    const std::string& source = plan.text("pkg_source");
    if (plan.text("pkg_filename").empty() && !source.empty())
        changed["pkg_filename"] = source_file_name(source);
    for (const auto& [name, value] : changed)
        plan.set_text(name, value);
    return changed;
}

PlanValues::Map derive_names(PlanValues& plan, const NameRoots& roots, bool default_dirname,
                             bool keep_prefix) {
    PlanValues::Map names;
    std::string version = plan.text("pkg_version");
    if (version.empty() && !plan.text("_hab_has_version_function").empty())
        names["pkg_version"] = version = unset_version;
    const std::string& origin = plan.text("pkg_origin");
    const std::string& name = plan.text("pkg_name");
    const std::string& release = plan.text("pkg_release");
    if (default_dirname) names["pkg_dirname"] = name + "-" + version;
    if (!keep_prefix || plan.text("pkg_prefix").empty()) {
        names["pkg_prefix"] =
            fmt::format("{}/{}/{}/{}/{}", roots.packages, origin, name, version, release);
    }
    names["pkg_artifact"] = fmt::format("{}/{}-{}-{}-{}-{}.hart", roots.artifacts, origin, name,
                                        version, release, roots.target);
    const std::string dirname = default_dirname ? names["pkg_dirname"] : plan.text("pkg_dirname");
    names["CACHE_PATH"] = roots.source_cache + "/" + dirname;
    if (!plan.text("pkg_source").empty()) names["SRC_PATH"] = names["CACHE_PATH"];
    for (const auto& [key, value] : names)
        plan.set_text(key, value);
    return names;
}

}  // namespace hab::build
