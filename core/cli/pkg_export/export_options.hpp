// SPDX-License-Identifier: Apache-2.0
// Options of `hab pkg export`: its own, and those that the exporter declares in its metadata.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "plugin/metadata.hpp"
#include "plugin/options.hpp"

namespace hab::cli {

/// Options that every exporter has.
[[nodiscard]] std::vector<OptionSpec> common_export_options();
/// The common ones and an exporter's; texts are borrowed from `meta`. With `for_help`, defaults and
/// environment variables are filled in; otherwise they are left to the plugin host, which validates
/// them.
[[nodiscard]] std::vector<OptionSpec> export_options(const plugin::PluginMeta& meta, bool for_help);
/// What the user gave for the exporter's own options.
[[nodiscard]] plugin::OptionValues given_options(const plugin::PluginMeta& meta,
                                                 const Arguments& args);
/// `hab pkg export tar --help`, made from the metadata: nothing is loaded.
[[nodiscard]] std::string exporter_help(const plugin::PluginMeta& meta, unsigned width);

}  // namespace hab::cli
