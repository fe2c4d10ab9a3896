// SPDX-License-Identifier: Apache-2.0
// Loads plugins from a catalogue and makes instances of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "plugin/catalogue.hpp"
#include "plugin/exporter.hpp"
#include "plugin/host.hpp"
#include "plugin/options.hpp"
#include "plugin/studio.hpp"
#include "plugin/template_engine.hpp"
#include "plugin/topology.hpp"

namespace hab::plugin {

/// Owns every loaded library. Make one per process, in main, and let it live as long as the
/// process: libraries are never unloaded. Instances keep what they need alive. Thread-safe.
class Registry {
public:
    Registry(Catalogue catalogue, ContextFactory contexts);
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    [[nodiscard]] const Catalogue& catalogue() const noexcept;

    /// Each finds the plugin (Catalogue::require), resolves `given` options (resolve_options),
    /// loads the library on first use and creates an instance. Throws what those throw, and the
    /// plugin's own error if create fails. A class of plugin that throws in create is reported as a
    /// bug of the plugin.
    [[nodiscard]] Exporter exporter(std::string_view id, const OptionValues& given = {});
    [[nodiscard]] Studio studio(std::string_view id, const OptionValues& given = {});
    [[nodiscard]] Topology topology(std::string_view id, const OptionValues& given = {});
    [[nodiscard]] TemplateEngine template_engine(std::string_view id,
                                                 const OptionValues& given = {});

    /// Which table members the plugin offers, after loading it: "plan", "run", … in table order.
    [[nodiscard]] std::vector<std::string> capabilities(const Candidate& candidate);

    /// Registers a table that is linked into the program: for tests of hosts, without a file.
    void add_static(const hab_plugin_table& table);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hab::plugin
