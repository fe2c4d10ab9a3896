// SPDX-License-Identifier: Apache-2.0
// Values for a plugin's options: from the command line, the environment and the declared defaults,
// validated and brought into the form that the ABI promises. No plugin is loaded for this.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/metadata.hpp"

namespace hab::plugin {

using OptionValues = std::vector<std::pair<std::string, std::string>>;

/// Looks up an environment variable; nothing if unset.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string&)>;
/// Of this process.
[[nodiscard]] EnvironmentLookup process_environment();

struct ResolvedOptions {
    OptionValues instance;  ///< for create
    OptionValues per_run;   ///< for each run
};

/// `given` are name-value pairs as the user typed them (a bool option without value as "true").
/// Throws usage errors: unknown option (with the nearest name), missing required one, value that
/// does not fit its type or choices, repeated option that is not repeatable.
[[nodiscard]] ResolvedOptions resolve_options(
    const PluginMeta& plugin, const OptionValues& given,
    const EnvironmentLookup& environment = process_environment());

/// Checks one value and brings it into ABI form: "10M" -> "10485760" for sizes, "5s" -> "5000" for
/// durations (milliseconds), relative paths made absolute, "yes" -> "true". `option` is used in the
/// error.
[[nodiscard]] std::string canonical_value(const OptionMeta& option, std::string_view value);

}  // namespace hab::plugin
