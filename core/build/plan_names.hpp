// SPDX-License-Identifier: Apache-2.0
// What plan variables are when the plan does not say, and what follows from name and version.
#pragma once

#include <string>
#include <string_view>

#include "base/paths.hpp"
#include "build/plan_values.hpp"
#include "package/target.hpp"

namespace hab::build {

/// Stands for a version that pkg_version() has yet to compute.
inline constexpr std::string_view unset_version = "__pkg__version__unset__";

/// Where a plan's paths lie, as the plan sees them.
struct NameRoots {
    std::string packages;      ///< HAB_PKG_PATH
    std::string source_cache;  ///< HAB_CACHE_SRC_PATH
    std::string artifacts;     ///< HAB_CACHE_ARTIFACT_PATH
    std::string target;
};

/// Completes what the plan has left open: origin (HAB_ORIGIN of `_hab_environ` wins), file name of
/// the source, service group. Returns what changed.
PlanValues::Map complete_plan(PlanValues& plan);

/// pkg_prefix, pkg_artifact, CACHE_PATH, SRC_PATH (with a pkg_source only) and, if
/// `default_dirname`, pkg_dirname, from origin, name, version and release; pkg_version itself while
/// it has to be computed. With `keep_prefix` a pkg_prefix that is set stays. Sets them in the plan
/// and returns them.
PlanValues::Map derive_names(PlanValues& plan, const NameRoots& roots, bool default_dirname,
                             bool keep_prefix);

}  // namespace hab::build
