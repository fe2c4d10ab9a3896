// SPDX-License-Identifier: Apache-2.0
// Values that this machine has: packages, services, plugins, keys. Read from the file system; no
// plugin is loaded and no supervisor is asked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/self/completion.hpp"
#include "plugin/catalogue.hpp"

namespace hab::cli {

class LocalValues : public CompletionSource {
public:
    LocalValues(Paths paths, std::vector<std::string> plugin_files);

    [[nodiscard]] Completion values(const WantedValue& wanted) override;
    [[nodiscard]] const Further* further(std::string_view command, std::string_view first) override;

private:
    [[nodiscard]] const plugin::Catalogue& catalogue();
    bool add_named(const WantedValue& wanted, Completion& result);
    void add_plugin_names(Completion& result);
    void add_plugins(plugin::Kind kind, Completion& result);
    void add_installed(std::string_view partial, Completion& result) const;
    void add_services(bool with_origin, Completion& result) const;
    void add_groups(Completion& result) const;
    void add_programs(std::string_view ident, Completion& result) const;
    void add_keys(bool revisions, Completion& result) const;

    Paths paths_;
    std::vector<std::string> plugin_files_;
    std::unique_ptr<plugin::Catalogue> catalogue_;  ///< read when first asked for
    const plugin::PluginMeta* exporter_ = nullptr;  ///< whose options are being given
    Further further_;
};

}  // namespace hab::cli
