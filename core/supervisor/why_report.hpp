// SPDX-License-Identifier: Apache-2.0
// From the flight recorder's records to chains of cause and effect: `hab why`, docs/guide/why.md.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// How many chains are told unless asked for more.
inline constexpr std::size_t default_chains = 10;

/// {"service", "group", "now": what is known of its state or null, "chains": the latest first}. A
/// chain is {"time", "kind", "title", "steps": [records, each with "text", a sentence]}. Its kind is
/// start, restart, crash, stop, takeover, reconfigure, render, refused, health, unload or other.
/// `now`: null if the service is not loaded or no supervisor runs.
[[nodiscard]] Value why_report(const std::string& service, std::vector<Value> records,
                               const ServiceSnapshot* now, std::size_t chains = default_chains);

/// The same for people, in lines of at most `width` columns (words longer than that stay whole).
[[nodiscard]] std::string why_text(const Value& report, std::size_t width = 80);

}  // namespace hab::supervisor
