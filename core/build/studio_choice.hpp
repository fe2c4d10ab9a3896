// SPDX-License-Identifier: Apache-2.0
// Which studio plugin is used where nobody named one, and why not another.
#pragma once

#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "plugin/studio.hpp"

namespace hab::build {

struct StudioChoice {
    plugin::Studio studio;
    /// One sentence for each plugin that came first but cannot be used here: for --verbose.
    std::vector<std::string> skipped = {};
    /// What does not work in the one that was chosen.
    std::vector<std::string> limits = {};
};

/// The plugin that is asked for; where that is empty, the first of chroot, userns and docker that is
/// usable here. Throws what the registry throws, and denied, with the reasons, if the plugin that was
/// named, or none of the three, is usable. Asks the plugins in this process.
[[nodiscard]] StudioChoice choose_studio(plugin::Registry& registry, const std::string& asked);

}  // namespace hab::build
