// SPDX-License-Identifier: Apache-2.0
#include "package/store_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace hab::package {

StoreLock::StoreLock(const Paths& paths, Kind kind, const std::function<void()>& waiting) {
    const fs::path dir = paths.pkgs();
    if (kind == Kind::adding) make_directories(dir);
    fd_.reset(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd_ && errno == ENOENT && kind == Kind::removing) return;
    if (!fd_) throw Error::from_errno(fmt::format("cannot open '{}'", dir.string()));
    const int how = kind == Kind::adding ? LOCK_SH : LOCK_EX;
    if (::flock(fd_.get(), how | LOCK_NB) == 0) return;
    if (waiting) waiting();
    while (::flock(fd_.get(), how) != 0) {
        if (errno != EINTR) throw Error::from_errno(fmt::format("cannot lock '{}'", dir.string()));
    }
}

}  // namespace hab::package
