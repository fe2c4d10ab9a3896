// SPDX-License-Identifier: Apache-2.0
// Who may put code into our address space. A plugin file is acceptable if it and its directory
// belong to root or to the effective user and are not writable by others, and if every ancestor is
// too (a root-owned sticky directory such as /tmp counts as safe for an ancestor). Run by root:
// only root's files.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace hab::plugin {

/// Nothing if the file may be loaded, else why not ("its directory /x is writable by others").
/// `path` must be canonical; `file` is fstat of the open file.
[[nodiscard]] std::optional<std::string> distrust_reason(const std::filesystem::path& path,
                                                         const struct stat& file,
                                                         unsigned effective_uid);

/// The rule for one directory, given its stat; `direct` = it is the file's own directory.
[[nodiscard]] std::optional<std::string> distrust_directory(const std::filesystem::path& directory,
                                                            const struct stat& status,
                                                            unsigned effective_uid, bool direct);

}  // namespace hab::plugin
