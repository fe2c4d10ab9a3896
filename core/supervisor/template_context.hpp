// SPDX-License-Identifier: Apache-2.0
// What templates see: sys, pkg, cfg, svc and bind, with the flat names of 2016 beside today's.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "supervisor/service_group.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

struct ContextInput {
    const SystemState& system;
    const PackageState& package;
    ServiceGroup group;
    const Value& cfg;
    const std::vector<std::string>&
        bind_names;  ///< every bind the package knows; none is satisfied here
};

/// The whole data of a service's templates on a supervisor without a ring: the group has one
/// member.
[[nodiscard]] Value template_context(const ContextInput& input);

/// What templates of install and uninstall hooks see: pkg and cfg alone, for there need not be a
/// supervisor.
[[nodiscard]] Value package_context(const PackageState& package, const Value& cfg);

/// A part of the data that was replaced.
struct ContextChange {
    std::string pointer;  ///< JSON Pointer of the part
    Value part;
    std::vector<std::string> changed;  ///< JSON Pointers of what in it differs from before
};

/// What a change of cfg means for the data; `cfg_changes` are JSON Pointers within cfg.
[[nodiscard]] std::vector<ContextChange> config_changes(const ContextInput& input,
                                                        std::span<const std::string> cfg_changes);

/// The part of cfg that a package exports: NAME -> value at the dotted path; missing paths are left
/// out.
[[nodiscard]] Object exported_config(const PackageState& package, const Value& cfg);

}  // namespace hab::supervisor
