// SPDX-License-Identifier: Apache-2.0
// Which installed packages bring plugins, remembered: to look into every package takes 10 ms for a
// thousand of them, to see that nothing has changed since takes 2.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace hab::plugin {

struct PackageDirs {
    std::vector<std::filesystem::path> plugin_dirs;  ///< as package_plugin_dirs() gives them
    /// What to give to the next call as `remembered`; empty if that is what it was given, or if a
    /// directory was changed so lately that a later change could not be told from it.
    std::string to_remember;
};

/// package_plugin_dirs(pkgs), by comparing the times of change (ctime) of the directories above the
/// releases with those in `remembered`, and by looking everywhere if one differs. `remembered` is
/// text of an earlier call for the same `pkgs`, or empty; anything else is taken for empty.
[[nodiscard]] PackageDirs find_package_dirs(const std::filesystem::path& pkgs,
                                            std::string_view remembered, WallTime now);

}  // namespace hab::plugin
