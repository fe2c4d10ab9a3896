// SPDX-License-Identifier: Apache-2.0
// A package store in a temporary directory, and a host object on it.
#pragma once

#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "host/state.hpp"
#include "package/installed.hpp"
#include "package/metafiles.hpp"

namespace hab::test {

class Store {
public:
    /// Adds "core/NAME/1.0/20260101000000" with a file bin/NAME and its DEPS.
    fs::path add(const std::string& name, const std::vector<std::string>& deps = {}) {
        const fs::path dir = root_.path() / "hab/pkgs/core" / name / "1.0/20260101000000";
        make_directories(dir / "bin");
        const std::string ident = "core/" + name + "/1.0/20260101000000";
        package::write_metafile(dir, "IDENT", ident);
        package::write_metafile(dir, "TARGET", std::string(package::Target::active().name()));
        package::write_metafile(dir, "PATH", "/hab/pkgs/" + ident + "/bin");
        std::string lines;
        for (const std::string& dep : deps)
            lines += "core/" + dep + "/1.0/20260101000000\n";
        package::write_metafile(dir, "DEPS", lines);
        write_file_atomic(dir / "bin" / name, "program " + name + "\n",
                          {.mode = 0755, .durable = false});
        return dir;
    }
    [[nodiscard]] Paths paths() const { return Paths(root_.path()); }
    [[nodiscard]] package::InstalledPackages packages() const {
        return package::InstalledPackages(paths());
    }
    [[nodiscard]] const fs::path& root() const { return root_.path(); }

private:
    TempDir root_;
};

/// The host object of a plugin "exporter probe".
class HostObject {
public:
    explicit HostObject(const Store& store, std::function<bool()> cancelled = {})
        : state_(std::make_shared<host::State>(
              host::SessionOptions{store.paths(), {}, {}, std::move(cancelled)})),
          context_(std::make_shared<host::Context>(state_, meta())),
          host_("exporter probe", context_) {}

    [[nodiscard]] const hab_host* abi() const { return host_.abi(); }
    [[nodiscard]] host::State& state() { return *state_; }
    template <class Table>
    [[nodiscard]] const Table& table(const char* id) {
        return *static_cast<const Table*>(context_->service(id));
    }

private:
    static plugin::PluginMeta meta() {
        plugin::PluginMeta meta;
        meta.kind = plugin::Kind::exporter;
        meta.id = "probe";
        return meta;
    }
    std::shared_ptr<host::State> state_;
    std::shared_ptr<host::Context> context_;
    plugin::Host host_;
};

}  // namespace hab::test
