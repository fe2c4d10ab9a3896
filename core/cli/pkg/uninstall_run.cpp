// SPDX-License-Identifier: Apache-2.0
#include "cli/pkg/uninstall_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/pkg/loaded_services.hpp"
#include "package/install_status.hpp"
#include "package/pins.hpp"
#include "package/removal.hpp"

namespace hab::cli {
namespace {

using package::Ident;

bool is_one_of(const Ident& ident, const std::vector<Ident>& wanted) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const Ident& each) { return ident.satisfies(each); });
}

/// The package this program runs from, or upstream's own.
bool is_hab_itself(const Ident& ident, const package::InstalledPackages& store) {
    if (ident.name == "hab" && (ident.origin == "chef" || ident.origin == "core")) return true;
    const std::string own = install_prefix().string() + "/";
    return own.starts_with(store.dir_of(ident).string() + "/");
}

}  // namespace

UninstallRun::UninstallRun(Invocation& invocation, const package::InstalledPackages& store,
                           UninstallOptions options)
    : invocation_(invocation),
      store_(store),
      options_(std::move(options)),
      hooks_(invocation, store) {}

void UninstallRun::begin() {
    if (options_.dry_run) return;
    lock();
    package::sweep_leavings(store_);
}

void UninstallRun::lock() {
    if (graph_) return;
    if (!options_.dry_run) {
        lock_.emplace(store_.paths(), package::StoreLock::Kind::removing, [this] {
            invocation_.terminal.status("Waiting", "until installs that are under way are done");
        });
    }
    graph_ = package::PackageGraph::read(store_);
    gone_.clear();
    loaded_ = loaded_services(invocation_.paths);
    pinned_ = package::Pins(invocation_.paths).list();
}

void UninstallRun::unlock() {
    graph_.reset();
    lock_.reset();
}

std::string UninstallRun::keep_reason(const Ident& ident, const Ident& asked) const {
    if (is_hab_itself(ident, store_)) return "hab itself runs from it";
    if (is_one_of(ident, loaded_)) return "the supervisor has loaded it";
    if (is_one_of(ident, options_.exclude)) return "it is excluded";
    // Who names a pinned package wants it gone; who names another does not.
    if (ident != asked && is_one_of(ident, pinned_)) return "it is pinned";
    return {};
}

package::UninstallPlan UninstallRun::plan(const Ident& ident) {
    lock();
    const auto node = graph_->find(ident);
    if (!node || !graph_->installed(*node)) {
        throw Error(
            ErrorCode::not_found,
            fmt::format("cannot uninstall '{}': it is not installed any more", ident.to_string()));
    }
    // What a damaged package needs is not known, so that nothing else may go; it may go itself.
    for (const auto& damaged : graph_->damaged()) {
        if (damaged.node != *node) throw damaged.error;
    }
    package::UninstallRules rules;
    rules.with_dependencies = options_.with_dependencies;
    rules.keep_reason = [&](const Ident& each) { return keep_reason(each, ident); };
    return package::plan_uninstall(*graph_, *node, gone_, rules);
}

void UninstallRun::uninstall(const Ident& ident) {
    Terminal& terminal = invocation_.terminal;
    const auto plan = this->plan(ident);
    std::vector<Ident> going;
    for (const auto node : plan.remove)
        going.push_back(graph_->ident(node));
    for (const auto& [kept, reason] : plan.kept)
        terminal.status("Keeping", fmt::format("{}: {}", kept.to_string(), reason));
    for (const Ident& each : going) {
        if (options_.dry_run) {
            terminal.status("Would remove", each.to_string());
            gone_.insert(*graph_->find(each));
            ++removed_;
            continue;
        }
        if (wants_hook(each)) {
            unlock();
            hooks_.run_uninstall_hook({each, store_.dir_of(each)});
            lock();
        }
        if (!remove(each, ident) && each == ident) return;
    }
}

bool UninstallRun::wants_hook(const Ident& ident) const {
    if (!options_.run_hooks) return false;
    const package::InstalledPackage package(ident, store_.dir_of(ident));
    return package::has_hook(package, "uninstall") &&
           store_.list_matching(ident.without_version()).size() == 1;
}

bool UninstallRun::remove(const Ident& ident, const Ident& asked) {
    const auto node = graph_->find(ident);
    if (!node) return false;  // somebody else removed it while a hook ran
    // While a hook ran, others could install, load and pin what they liked.
    std::string reason = keep_reason(ident, asked);
    try {
        package::require_not_needed(*graph_, *node, gone_);
    } catch (const Error& error) {
        reason = error.message();
    }
    if (!reason.empty()) {
        invocation_.terminal.status("Keeping", fmt::format("{}: {}", ident.to_string(), reason));
        return false;
    }
    invocation_.terminal.status("Removing", ident.to_string());
    if (package::remove_package(store_, ident)) ++removed_;
    gone_.insert(*node);
    return true;
}

}  // namespace hab::cli
