// SPDX-License-Identifier: Apache-2.0
// A directory tree held in memory: taken, compared, and put back.
#pragma once

#include <sys/types.h>

#include <ctime>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hab::test {

/// What stands behind one name. Hard links share the inode number.
struct ImageEntry {
    mode_t mode = 0;  ///< with file type
    uid_t uid = 0;
    gid_t gid = 0;
    timespec mtime{};
    ino_t inode = 0;
    std::shared_ptr<const std::string> content;  ///< of files; target of symbolic links
};

class TreeImage {
public:
    /// Everything below `root`. Content that is the same as in `previous` is shared with it.
    [[nodiscard]] static TreeImage take(const std::filesystem::path& root,
                                        const TreeImage* previous = nullptr);
    /// Empties `root` and puts this tree there, with modes, owners and times.
    void restore(const std::filesystem::path& root) const;

    /// By path relative to the root; "" is the root itself.
    std::map<std::string, ImageEntry> entries;

    /// A text that is equal for trees with equal names, types, modes and content.
    [[nodiscard]] std::string fingerprint() const;
    [[nodiscard]] std::string content(const std::string& path) const;
    [[nodiscard]] bool has(const std::string& path) const { return entries.count(path) != 0; }
    /// The entries below one directory, with paths relative to it.
    [[nodiscard]] TreeImage below(const std::string& directory) const;
};

/// One line per name that is missing, too many or different (type, mode, owner, content); times do
/// not count. Names for which `ignore` is true are left out.
[[nodiscard]] std::vector<std::string> differences(
    const TreeImage& expected, const TreeImage& found,
    const std::function<bool(const std::string&)>& ignore = {});

}  // namespace hab::test
