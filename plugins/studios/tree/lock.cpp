// SPDX-License-Identifier: Apache-2.0
#include "tree/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <hab/studio.hpp>

#include "tree/skeleton.hpp"

namespace studio_tree {

namespace {

/// Whether the path still leads to the open file. One that was removed meanwhile can be locked, but
/// who makes the studio anew locks another.
bool is_at(int fd, const std::filesystem::path& path) {
    struct stat opened{};
    struct stat there{};
    return ::fstat(fd, &opened) == 0 && ::lstat(path.c_str(), &there) == 0 &&
           opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

}  // namespace

StudioLock::StudioLock(const std::filesystem::path& root)
    // A program inside may have put a FIFO there: opening must not wait.
    : root_(root),
      fd_(::open((root / marker).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {
    if (fd_ < 0) {
        hab::sdk::raise(HAB_STATUS_IO, "cannot open the studio at '" + root_.string() +
                                           "': " + std::strerror(errno));
    }
    if (::flock(fd_, LOCK_SH | LOCK_NB) != 0 || !is_at(fd_, root / marker)) {
        ::close(fd_);
        hab::sdk::raise(HAB_STATUS_FAILED,
                        "the studio at '" + root_.string() + "' is just being removed",
                        "try again in a moment, or choose another directory");
    }
}

StudioLock::~StudioLock() {
    ::close(fd_);
}

void StudioLock::make_exclusive() const {
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
    hab::sdk::raise(HAB_STATUS_FAILED,
                    "the studio at '" + root_.string() + "' is in use by another program",
                    "end the builds and shells in it first, or choose another directory");
}

}  // namespace studio_tree
