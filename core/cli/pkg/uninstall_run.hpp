// SPDX-License-Identifier: Apache-2.0
// The work of `hab pkg uninstall`.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/pkg/package_hooks.hpp"
#include "package/package_graph.hpp"
#include "package/store_lock.hpp"
#include "package/uninstall_plan.hpp"

namespace hab::cli {

struct UninstallOptions {
    bool dry_run = false;
    bool with_dependencies = true;
    bool run_hooks = true;
    std::vector<package::Ident> exclude;
};

/// Uninstalls packages one after the other. Holds the store's lock while it decides and removes,
/// but not while a hook runs: hooks may call hab.
class UninstallRun {
public:
    UninstallRun(Invocation& invocation, const package::InstalledPackages& store,
                 UninstallOptions options);

    /// Before the first: removes what killed processes left.
    void begin();
    /// One installed package and what only it needed. Throws conflict if others need it.
    void uninstall(const package::Ident& ident);
    [[nodiscard]] std::size_t removed() const noexcept { return removed_; }

private:
    void lock();
    void unlock();
    [[nodiscard]] package::UninstallPlan plan(const package::Ident& ident);
    /// Why it must stay although `asked` is to go; empty if it may go.
    [[nodiscard]] std::string keep_reason(const package::Ident& ident,
                                          const package::Ident& asked) const;
    [[nodiscard]] bool wants_hook(const package::Ident& ident) const;
    /// False if something needs it by now: another package, or the supervisor.
    bool remove(const package::Ident& ident, const package::Ident& asked);

    Invocation& invocation_;
    const package::InstalledPackages& store_;
    UninstallOptions options_;
    PackageHooks hooks_;
    std::optional<package::StoreLock> lock_;
    std::optional<package::PackageGraph> graph_;  ///< as read under the lock
    std::set<package::PackageGraph::Node> gone_;  ///< removed since it was read
    std::vector<package::Ident> loaded_;
    std::vector<package::Ident> pinned_;
    std::size_t removed_ = 0;
};

}  // namespace hab::cli
