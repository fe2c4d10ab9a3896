// SPDX-License-Identifier: Apache-2.0
#include "tree/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <hab/studio.hpp>

#include "tree/skeleton.hpp"

namespace studio_tree {

StudioLock::StudioLock(const std::filesystem::path& root)
    : root_(root), fd_(::open((root / marker).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
    if (fd_ < 0) {
        hab::sdk::raise(HAB_STATUS_IO, "cannot open the studio at '" + root_.string() +
                                           "': " + std::strerror(errno));
    }
    if (::flock(fd_, LOCK_SH | LOCK_NB) != 0) {
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
