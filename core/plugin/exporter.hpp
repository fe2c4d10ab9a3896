// SPDX-License-Identifier: Apache-2.0
// An exporter plugin, typed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "plugin/metadata.hpp"

namespace hab::plugin {

class Instance;

struct ExportRequest {
    std::vector<std::string> idents = {};  ///< fully qualified, installed; the first is the primary
    std::filesystem::path output_dir = {};  ///< absolute, exists
    std::filesystem::path work_dir = {};    ///< absolute, empty, removed by the caller afterwards
    std::uint64_t source_epoch = 0;         ///< seconds since 1970 for every time that is written
    bool overwrite = false;
};

/// Shares its instance when copied. Every function throws hab::Error with the plugin's label.
class Exporter {
public:
    explicit Exporter(std::shared_ptr<Instance> instance);

    [[nodiscard]] const PluginMeta& meta() const noexcept;
    /// JSON text of what run would write. Throws unsupported if the plugin cannot tell.
    [[nodiscard]] std::string plan(const ExportRequest& request) const;
    /// Writes and announces the artefacts.
    void run(const ExportRequest& request) const;
    /// Checks an artefact. Throws unsupported if the plugin cannot.
    void verify(const std::filesystem::path& artifact) const;

private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace hab::plugin
