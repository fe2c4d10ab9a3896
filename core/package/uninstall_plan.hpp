// SPDX-License-Identifier: Apache-2.0
// What goes when a package is uninstalled: the package, and what nothing else needs then.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "package/package_graph.hpp"

namespace hab::package {

struct UninstallRules {
    bool with_dependencies = true;
    /// Why a package must stay ("it is excluded"); an empty text lets it go.
    std::function<std::string(const Ident&)> keep_reason;
};

struct UninstallPlan {
    /// The package, then what only it needed; each before everything it needs itself, so that what
    /// is there is complete whenever the work stops. Empty if the package itself must stay.
    std::vector<PackageGraph::Node> remove;
    /// What would have gone but for a reason to keep it.
    std::vector<std::pair<Ident, std::string>> kept;
};

/// `gone`: packages of the graph that have been removed since it was read. Throws conflict, naming
/// them, if other packages need this one.
[[nodiscard]] UninstallPlan plan_uninstall(const PackageGraph& graph, PackageGraph::Node target,
                                           const std::set<PackageGraph::Node>& gone,
                                           const UninstallRules& rules);

/// Throws conflict unless all that need the package are gone.
void require_not_needed(const PackageGraph& graph, PackageGraph::Node node,
                        const std::set<PackageGraph::Node>& gone);

}  // namespace hab::package
