// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "plugin/metadata.hpp"

namespace hab::cli {

/// Installs what was given as files, then lets the exporter do its work (or, with --dry-run, tell
/// it).
int run_export(Invocation& invocation, const plugin::PluginMeta& meta, const Arguments& args);

}  // namespace hab::cli
