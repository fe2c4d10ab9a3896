// SPDX-License-Identifier: Apache-2.0
// Configuration layers and rendered files of one service.
#pragma once

#include <string>
#include <vector>

#include "config/layers.hpp"
#include "config/renderer.hpp"
#include "plugin/registry.hpp"
#include "supervisor/service_machine.hpp"
#include "supervisor/service_package.hpp"
#include "supervisor/service_tree.hpp"

namespace hab::supervisor {

class ServiceFiles {
public:
    /// Reads the layers and compiles every template. Throws for broken TOML and template errors,
    /// with file:line:column, and for an unknown template engine.
    ServiceFiles(const ServicePackage& package, const ServiceTree& tree, const ServiceUser& user,
                 plugin::Registry& plugins, const std::filesystem::path& user_toml);

    [[nodiscard]] const Value& cfg() const noexcept { return config_.merged(); }
    /// Reads user.toml again; true if the merged configuration changed. Throws if it is broken; the
    /// old layer stays.
    bool reload_user() { return config_.reload_user(); }

    struct Outcome {
        ChangedFiles changed;
        std::vector<std::string> written;  ///< names relative to the service directory
    };
    /// Renders everything with this context and writes what differs. Throws for a template that
    /// fails; then every old file is still in place.
    Outcome render(const Value& context);

private:
    config::ServiceConfig config_;
    config::Renderer renderer_;
    std::filesystem::path config_source_, config_target_;
    std::filesystem::path run_source_;  ///< what `run` is a copy of
    std::filesystem::path run_;
};

}  // namespace hab::supervisor
