// SPDX-License-Identifier: Apache-2.0
// Who uses a studio: the kernel's lock on its marker, which goes with the process that holds it.
#pragma once

#include <filesystem>

namespace studio_tree {

/// Held while a studio is open. Not copyable; the lock goes with it.
class StudioLock {
public:
    /// Shares the studio with other users. Throws HAB_STATUS_FAILED while somebody removes it.
    explicit StudioLock(const std::filesystem::path& root);
    ~StudioLock();
    StudioLock(const StudioLock&) = delete;
    StudioLock& operator=(const StudioLock&) = delete;

    /// Makes it the only user, to remove the studio. Throws HAB_STATUS_FAILED if there is
    /// another.
    void make_exclusive() const;

private:
    std::filesystem::path root_;
    int fd_;
};

}  // namespace studio_tree
