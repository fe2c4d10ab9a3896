// SPDX-License-Identifier: Apache-2.0
#include "host/session.hpp"

#include "host/state.hpp"
#include "plugin/catalogue.hpp"

namespace hab::host {

Session::Session(SessionOptions options) {
    const plugin::SearchPlan plan = plugin::SearchPlan::from_environment(
        options.plugin_files, plugin::package_plugin_dirs(options.paths.pkgs()));
    state_ = std::make_shared<State>(std::move(options));
    // The contexts hold the state, and the state must not hold the registry, or neither would go.
    registry_ = std::make_shared<plugin::Registry>(
        plugin::Catalogue::discover(plan), [state = state_](const plugin::PluginMeta& meta) {
            return std::make_shared<Context>(state, meta);
        });
    state_->set_registry(registry_);
}

Session::~Session() = default;

std::vector<Artifact> Session::artifacts() const {
    return state_->artifacts().all();
}

}  // namespace hab::host
