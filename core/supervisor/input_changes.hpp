// SPDX-License-Identifier: Apache-2.0
// What a change of the configuration changed, as it may be shown: with origins, without secrets.
#pragma once

#include <string>
#include <vector>

#include "base/value.hpp"
#include "supervisor/events.hpp"

namespace hab::supervisor {

class ServiceFiles;

/// From what was shown before (without secrets) to what `files` hold now.
[[nodiscard]] std::vector<InputChange> input_changes(const Value& shown_before,
                                                     const ServiceFiles& files);
/// The same of values: `pointers` (JSON Pointers) name what differs between the two, `after` knows
/// origins, and the other two are without secrets.
[[nodiscard]] std::vector<InputChange> input_changes(const std::vector<std::string>& pointers,
                                                     const Value& shown_before, const Value& after,
                                                     const Value& shown_after);

/// Each text or number of `cfg` that `shown` hides.
[[nodiscard]] std::vector<std::string> hidden_texts(const Value& cfg, const Value& shown);

}  // namespace hab::supervisor
