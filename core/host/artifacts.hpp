// SPDX-License-Identifier: Apache-2.0
// What exporters announced through hab.artifact/1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hab::host {

struct Artifact {
    std::string path;  ///< absolute; or a name, with a role that says so
    std::string media_type;
    std::string digest;  ///< "sha256:<hex>", computed if the plugin gave none; empty for names
    std::string role;
    std::uint64_t size = 0;
    std::vector<std::pair<std::string, std::string>> properties;
};

/// Collects in order. Thread-safe.
class ArtifactList {
public:
    void add(Artifact artifact);
    [[nodiscard]] std::vector<Artifact> all() const;

private:
    mutable std::mutex mutex_;
    std::vector<Artifact> items_;
};

/// Shell assignments, one a line, as upstream's last_*_export.env: what a script sources after an
/// export.
[[nodiscard]] std::string results_env(std::string_view exporter, std::string_view ident,
                                      const std::vector<Artifact>& artifacts);

}  // namespace hab::host
