// SPDX-License-Identifier: Apache-2.0
// Mounts as the kernel lists them, and removal of trees that respects them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hab::sandbox {

/// Mount points of this process's mount namespace, in mount order (/proc/self/mountinfo, field 5).
[[nodiscard]] std::vector<std::filesystem::path> mount_points();
/// From the text of a mountinfo file; octal escapes undone. Lines that do not follow proc(5) are
/// skipped.
[[nodiscard]] std::vector<std::filesystem::path> parse_mountinfo(std::string_view text);
/// Mount points at or below `path`: compared part by part, so /a/b-c is not below /a/b.
[[nodiscard]] std::vector<std::filesystem::path> mounts_below(const std::filesystem::path& path);

/// Deletes a tree; fine if it does not exist. Throws conflict, before anything is deleted, if
/// something is mounted at or below it; follows no link and enters no other mount.
void remove_tree_unmounted(const std::filesystem::path& path);

}  // namespace hab::sandbox
