// SPDX-License-Identifier: Apache-2.0
//
// Typed faces of the small host services. Get one with host.find<Packages>() or
// host.require<Packages>(). Every function throws hab::sdk::Error when the service fails.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host.hpp"

namespace hab::sdk {

/// One step of work shown to the user; ends when it goes (as failed if done() was not called).
class ProgressStep {
public:
    ProgressStep(const hab_host* host, const hab_progress_service* table, std::uint64_t handle)
        : host_(host), table_(table), handle_(handle) {}
    ProgressStep(ProgressStep&& other) noexcept
        : host_(other.host_),
          table_(std::exchange(other.table_, nullptr)),
          handle_(other.handle_) {}
    ProgressStep& operator=(ProgressStep&&) = delete;
    ~ProgressStep() { finish(HAB_STATUS_FAILED); }

    void advance(std::uint64_t done) const noexcept {
        if (table_ != nullptr) table_->advance(host_, handle_, done);
    }
    void message(std::string_view text) const noexcept {
        if (table_ != nullptr) table_->message(host_, handle_, to_abi(text));
    }
    void done() noexcept { finish(HAB_STATUS_OK); }

private:
    void finish(hab_status status) noexcept {
        if (const auto* table = std::exchange(table_, nullptr)) table->end(host_, handle_, status);
    }
    const hab_host* host_;
    const hab_progress_service* table_;
    std::uint64_t handle_;
};

class Progress : public Service<hab_progress_service> {
public:
    static constexpr const char* id = HAB_SERVICE_PROGRESS;
    Progress(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// Begins a step; total 0 = unknown; unit "bytes", "files" or a word for people.
    [[nodiscard]] ProgressStep begin(std::string_view title, std::uint64_t total,
                                     std::string_view unit) const {
        return {host(), table(), table()->begin(host(), to_abi(title), total, to_abi(unit))};
    }
};

/// Settings outside the plugin's own options.
class Settings : public Service<hab_config_service> {
public:
    static constexpr const char* id = HAB_SERVICE_CONFIG;
    Settings(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    [[nodiscard]] std::string get(std::string_view key) const {
        detail::StringSink value;
        call(id, &Table::get, host(), to_abi(key), value.abi(), hab_sink{});
        return std::move(value.text());
    }
};

/// An installed package.
struct Package {
    std::string ident;  ///< fully qualified
    std::string path;   ///< its directory
};

class Packages : public Service<hab_packages_service> {
public:
    static constexpr const char* id = HAB_SERVICE_PACKAGES;
    Packages(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// Newest installed package that matches.
    [[nodiscard]] Package resolve(std::string_view ident) const {
        detail::StringSink full;
        detail::StringSink path;
        call(id, &Table::resolve, host(), to_abi(ident), full.abi(), path.abi());
        return {std::move(full.text()), std::move(path.text())};
    }

    /// Dependencies: HAB_DEPS_DIRECT, or HAB_DEPS_TRANSITIVE with the most basic first.
    [[nodiscard]] std::vector<Package> deps(std::string_view ident, std::uint32_t which) const {
        std::vector<Package> found;
        const auto each = [](void* ctx, hab_str full, hab_str path) noexcept -> hab_status {
            detail::Stowaway out_of_memory;
            return out_of_memory.run([&] {
                static_cast<std::vector<Package>*>(ctx)->push_back(
                    {std::string(from_abi(full)), std::string(from_abi(path))});
            });
        };
        call(id, &Table::deps, host(), to_abi(ident), which, static_cast<void*>(&found), +each);
        return found;
    }

    /// Text of a metafile such as "EXPOSES"; HAB_STATUS_NOT_FOUND if the package has none.
    [[nodiscard]] std::string metafile(std::string_view ident, std::string_view name) const {
        detail::StringSink text;
        call(id, &Table::metafile, host(), to_abi(ident), to_abi(name), text.abi());
        return std::move(text.text());
    }
};

class Templates : public Service<hab_template_service> {
public:
    static constexpr const char* id = HAB_SERVICE_TEMPLATE;
    Templates(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// Renders a text with JSON data; `engine` empty = the default engine.
    [[nodiscard]] std::string render(std::string_view name, std::string_view text,
                                     std::string_view json, std::string_view engine = {}) const {
        detail::StringSink out;
        call(id, &Table::render, host(), to_abi(engine), to_abi(name), to_abi(text), to_abi(json),
             out.abi());
        return std::move(out.text());
    }
};

/// A finished output; digest and size may be left out, the host then computes them.
struct Artifact {
    std::string path;
    std::string media_type;
    std::string role;
    std::string digest = {};
    std::uint64_t size = 0;
    std::vector<KeyValue> properties = {};
};

class Artifacts : public Service<hab_artifact_service> {
public:
    static constexpr const char* id = HAB_SERVICE_ARTIFACT;
    Artifacts(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    void announce(const Artifact& artifact) const {
        const auto properties = to_abi_list(artifact.properties);
        const hab_artifact raw{.struct_size = sizeof(hab_artifact),
                               .path = to_abi(artifact.path),
                               .media_type = to_abi(artifact.media_type),
                               .digest = to_abi(artifact.digest),
                               .role = to_abi(artifact.role),
                               .size = artifact.size,
                               .properties = properties.data(),
                               .property_count = properties.size()};
        call(id, &Table::announce, host(), &raw);
    }
};

}  // namespace hab::sdk
