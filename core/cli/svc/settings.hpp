// SPDX-License-Identifier: Apache-2.0
// The options that say how a service is to run; the same for svc load, svc update, sup run and
// start.
#pragma once

#include <vector>

#include "cli/command.hpp"
#include "control/messages.hpp"

namespace hab::cli {

/// --group, --topology, --strategy … without --force.
[[nodiscard]] std::span<const OptionSpec> setting_options();

/// What the command line says; what it does not say stays empty. Throws Error(usage) for a value
/// that makes no sense.
[[nodiscard]] control::Settings read_settings(const Arguments& args);

/// The same options as words for another command, "--group=blue".
[[nodiscard]] std::vector<std::string> setting_words(const Arguments& args);

/// A number of seconds, or nothing if the option was not given. Throws Error(usage).
[[nodiscard]] std::optional<std::uint32_t> read_seconds(const Arguments& args,
                                                        std::string_view option);

}  // namespace hab::cli
