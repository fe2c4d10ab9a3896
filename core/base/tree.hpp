// SPDX-License-Identifier: Apache-2.0
// Directory trees: removing them without ever leaving them, and walking them in a fixed order.
#pragma once

#include <sys/stat.h>

#include <functional>

#include "base/files.hpp"

namespace hab {

/// Removes a file or a whole tree. Follows no symbolic link, crosses no mount point (not even a bind of
/// the same device): finding one throws conflict and leaves everything below it alone. A path that does
/// not exist is fine. Works on directories without write permission if the caller owns them.
void remove_tree(const fs::path& path);

/// One entry of a walk. `relative` is the path below the root of the walk, "" never appears.
struct TreeEntry {
    std::string relative;
    fs::path path;
    struct stat info;
};

/// Visits everything below `root` in bytewise order of names, directories before their content; follows
/// no links. Throws on the first entry it cannot read.
void walk_tree(const fs::path& root, const std::function<void(const TreeEntry&)>& visit);

}  // namespace hab
