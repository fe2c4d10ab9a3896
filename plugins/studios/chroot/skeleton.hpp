// SPDX-License-Identifier: Apache-2.0
// What is on disk of a studio: directories, account files and the marker that says it is one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <hab/studio.hpp>

namespace chroot_studio {

namespace fs = std::filesystem;

/// Makes or refreshes the tree of a studio. An existing one is opened: what was written into it
/// stays, only the files that mirror the machine (hosts, resolv.conf) and the shell's links are
/// renewed. Throws HAB_STATUS_USAGE if the directory exists and is something else than a studio.
void prepare_tree(const fs::path& root, const std::string& type,
                  const std::vector<hab::sdk::Mount>& mounts);

/// Type of the studio at a directory; nothing if there is none.
[[nodiscard]] std::optional<std::string> studio_type(const fs::path& root);

}  // namespace chroot_studio
