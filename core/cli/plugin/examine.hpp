// SPDX-License-Identifier: Apache-2.0
// Looks at a plugin from a safe distance: a child process loads it and has a limited time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/studio.hpp"

namespace hab::cli {

struct Examination {
    std::vector<std::string> capabilities;     ///< members of its table that it offers
    std::optional<plugin::StudioProbe> probe;  ///< studios only
    std::string problem;  ///< why something of this is missing: it crashed, hung or refused
};

/// Never throws because of the plugin: a crash or a hang is a `problem`.
[[nodiscard]] Examination examine(const plugin::Candidate& candidate,
                                  std::chrono::milliseconds limit = std::chrono::seconds(2));

/// A studio's own word on whether it is usable here; one that crashes or hangs is not.
[[nodiscard]] plugin::StudioProbe probe_studio(const plugin::Candidate& candidate);

}  // namespace hab::cli
