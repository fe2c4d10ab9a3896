// SPDX-License-Identifier: Apache-2.0
// Private to package/: hidden directories beside releases. Each is locked (flock) by the process
// that works in it, so that what a killed one left can be told from work in progress.
#pragma once

#include <string_view>

#include "base/files.hpp"

namespace hab::package {

/// Names begin with these, then the release, '-' and random digits.
inline constexpr std::string_view pending_prefix = ".hab-pkg-install-";
inline constexpr std::string_view removed_prefix = ".hab-pkg-removed-";

/// Opens a directory, not through a link. Empty if it is not there.
[[nodiscard]] UniqueFd open_directory(const fs::path& path);

/// Removes the hidden directories in `version_dir` that no process holds; returns how many. The
/// caller holds the lock of `version_dir`, so that none can be between its creation and its lock.
std::size_t remove_stale(const fs::path& version_dir);

/// Removes directories that are empty, from `version_dir` up to and without …/hab/pkgs.
void remove_empty_parents(const fs::path& version_dir) noexcept;

}  // namespace hab::package
