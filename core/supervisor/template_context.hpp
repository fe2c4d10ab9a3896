// SPDX-License-Identifier: Apache-2.0
// What templates see: sys, pkg, cfg, svc and bind, with the flat names of 2016 beside today's.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "supervisor/ring/ring_group.hpp"
#include "supervisor/service_group.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// What the ring knows that concerns one service. Never changes.
struct RingContext {
    RingGroupPtr group;  ///< its own; null: it is all of it
    struct Bind {
        std::string name;
        RingGroupPtr group;  ///< has at least one active member
    };
    std::vector<Bind> binds;  ///< those that are satisfied; a name may have several groups
};

struct ContextInput {
    const SystemState& system;
    const PackageState& package;
    ServiceGroup group;
    const Value& cfg;
    const std::vector<std::string>& bind_names;  ///< every bind the package knows
    /// None: the group has one member, and no bind is satisfied.
    std::shared_ptr<const RingContext> ring = nullptr;
};

/// The whole data of a service's templates.
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

/// What is other for the templates when the ring is: empty if they see no difference.
[[nodiscard]] std::vector<ContextChange> ring_changes(const ContextInput& before,
                                                      const ContextInput& after);

/// The part of cfg that a package exports: NAME -> value at the dotted path; missing paths are left
/// out.
[[nodiscard]] Object exported_config(const PackageState& package, const Value& cfg);

}  // namespace hab::supervisor
