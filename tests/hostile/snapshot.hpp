// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hab::hostile {

/// Every file below a directory with what it is: kind, mode, owner, links, size, times, inode, target
/// of a link, content of small files. Two are equal if nobody changed anything, content or attribute.
using Snapshot = std::map<std::string, std::string>;

/// `leave_out` and what is below them are not looked at.
[[nodiscard]] Snapshot snapshot(const std::filesystem::path& root,
                                const std::vector<std::filesystem::path>& leave_out = {});

/// The lines in which two differ, for a message.
[[nodiscard]] std::string difference(const Snapshot& before, const Snapshot& after);

}  // namespace hab::hostile
