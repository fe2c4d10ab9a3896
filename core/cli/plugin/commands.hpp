// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"
#include "plugin/catalogue.hpp"

namespace hab::cli {

/// `hab plugin …`: which plugins there are and what they can do.
[[nodiscard]] std::span<const Command> plugin_commands();

/// Every plugin file this invocation could use; nothing is loaded.
[[nodiscard]] plugin::Catalogue discover_plugins(const Invocation& invocation);

// One file each.
int run_plugin_list(Invocation& invocation);
int run_plugin_info(Invocation& invocation);
int run_plugin_describe(Invocation& invocation);

}  // namespace hab::cli
