// SPDX-License-Identifier: Apache-2.0
// Configuration layers and rendered files of one service.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/layers.hpp"
#include "config/renderer.hpp"
#include "plugin/registry.hpp"
#include "supervisor/service_machine.hpp"
#include "supervisor/service_package.hpp"
#include "supervisor/service_tree.hpp"
#include "supervisor/template_context.hpp"

namespace hab::supervisor {

/// How files below config/ and hooks/ of a service directory look.
[[nodiscard]] config::OutputStyle config_style(const ServiceUser& user);
[[nodiscard]] config::OutputStyle hook_style();
/// Directories below config/ belong to the service user, but are written by the Supervisor: one
/// that was replaced by a link would lead its files elsewhere. Throws denied if a directory of
/// `source` is a link below `target`.
void refuse_links(const std::filesystem::path& source, const std::filesystem::path& target);

/// The layers of `service`: `templates` holds default.toml and the schema of its package, and the
/// environment may choose their order. Throws usage for an order that does not exist.
[[nodiscard]] config::LayerSources layer_sources(const std::string& service,
                                                 const std::filesystem::path& templates,
                                                 const std::filesystem::path& user_toml);

class ServiceFiles {
public:
    /// Reads the layers and compiles every template. Throws for broken TOML, values that violate the
    /// package's schema and template errors, with file:line:column, and for an unknown template
    /// engine.
    ServiceFiles(const ServicePackage& package, const ServiceTree& tree, const ServiceUser& user,
                 plugin::Registry& plugins, const std::filesystem::path& user_toml,
                 std::optional<Value> ring = std::nullopt);

    [[nodiscard]] const Value& cfg() const noexcept { return config_.merged(); }
    /// The same without secrets, for gateways; never null.
    [[nodiscard]] const std::shared_ptr<const Value>& shown_cfg() const noexcept { return shown_; }
    /// Sentences about keys in the configuration that nothing knows.
    [[nodiscard]] std::vector<std::string> warnings() const { return config_.warnings(); }
    /// Reads user.toml again; true if the merged configuration changed: then changed_cfg() says
    /// what. Throws if it is broken or violates the package's schema; the old layer stays.
    bool reload_user();
    /// The same for the layer that the ring brings.
    bool set_ring(std::optional<Value> layer);
    /// What set_ring() would throw; changes nothing.
    void check_ring(Value layer) const;
    /// JSON Pointers within cfg of what the last change changed.
    [[nodiscard]] const std::vector<std::string>& changed_cfg() const noexcept {
        return config_.changed();
    }

    [[nodiscard]] const config::Schema& schema() const noexcept { return config_.schema(); }
    /// The secret values themselves, as text: to keep them out of what is shown.
    [[nodiscard]] std::vector<std::string> secret_texts() const;

    struct Outcome {
        ChangedFiles changed;
        std::vector<std::string> written;  ///< names relative to the service directory
        config::RenderReport report;       ///< names relative to the service directory
    };
    /// Renders everything with this context and writes what differs. Throws for a template that
    /// fails; then every old file is still in place.
    Outcome render(const Value& context);
    /// Renders only the files that read what changed since the last rendering that worked.
    /// `context` is asked for the whole of it if it is not held any more. Throws as render().
    Outcome update(std::span<const ContextChange> changes, const std::function<Value()>& context);

    /// Renders everything with this context below `dir`, as config/ and hooks/config-check, for the
    /// config-check hook to look at; what was there is removed. `user` can read it, but not write.
    /// True if a file differs from the one in use. Throws as render().
    bool stage(const Value& context, const std::filesystem::path& dir, const ServiceUser& user);

private:
    Outcome write_due();

    config::ServiceConfig config_;
    std::shared_ptr<const Value> shown_;
    config::Renderer renderer_;
    // As text: a path holds an object for each of its parts.
    std::string config_source_, config_target_;
    bool has_subdirectories_ = false;  ///< of config/
    std::string run_source_;           ///< what `run` is a copy of
    std::string run_;
};

}  // namespace hab::supervisor
