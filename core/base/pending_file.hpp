// SPDX-License-Identifier: Apache-2.0
// A file that takes shape under a hidden name beside its place.
#pragma once

#include "base/files.hpp"

namespace hab {

/// Created empty, mode 0600, as `.NAME.<12 hex digits>.tmp` in the directory of `path`; place()
/// gives it its name, otherwise it goes with the object. It is locked (flock) while its process
/// lives, so that what a killed process left can be told from work in progress: the next
/// PendingFile of that directory removes it. One thread.
class PendingFile {
public:
    explicit PendingFile(fs::path path);
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile();

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    [[nodiscard]] const fs::path& temporary() const noexcept { return temporary_; }
    /// Content to disk. Fail point "files.fsync". Throws errno errors.
    void sync() const;
    /// Renames it into place; an existing file is replaced. Fail point "files.rename". Durable only
    /// after a sync_path() of the directory.
    void place();

private:
    [[nodiscard]] bool create();

    fs::path path_;
    fs::path temporary_;
    UniqueFd fd_;
};

/// Removes the pending files in `directory` whose process is dead; returns how many. Touches only
/// regular files of this user that nobody holds. A directory that does not exist or cannot be read
/// has none.
std::size_t remove_stale_files(const fs::path& directory);

/// Copies a file's content and permission bits under a new name, or over an existing file. With
/// `durable` it survives a power cut once this returns. Links are followed at `from`, never at
/// `to`. Throws errno errors.
void copy_file_atomic(const fs::path& from, const fs::path& to, bool durable = true);

}  // namespace hab
