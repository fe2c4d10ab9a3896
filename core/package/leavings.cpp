// SPDX-License-Identifier: Apache-2.0
#include "package/leavings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/tree.hpp"

namespace hab::package {

UniqueFd open_directory(const fs::path& path) {
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

namespace {

/// Whoever hid a package may have died before that was on the disk. Fine if all is gone meanwhile.
void sync_names(const fs::path& dir) {
    const UniqueFd fd = open_directory(dir);
    if (!fd && errno == ENOENT) return;
    if (!fd || ::fsync(fd.get()) != 0) {
        throw Error::from_errno(fmt::format("cannot write '{}' to disk", dir.string()));
    }
}

}  // namespace

std::size_t remove_stale(const fs::path& version_dir) {
    std::vector<fs::path> stale;
    bool had_a_name = false;
    std::error_code error;
    for (fs::directory_iterator it(version_dir, error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with(pending_prefix) && !name.starts_with(removed_prefix)) continue;
        const UniqueFd fd = open_directory(it->path());
        if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) continue;
        stale.push_back(it->path());
        had_a_name = had_a_name || name.starts_with(removed_prefix);
    }
    if (had_a_name) sync_names(version_dir);
    for (const fs::path& path : stale) {
        log::info("package", "removing '{}', left by a process that was killed", path.string());
        remove_tree(path);
    }
    return stale.size();
}

void remove_empty_parents(const fs::path& version_dir) noexcept {
    const fs::path name_dir = version_dir.parent_path();
    for (const fs::path& dir : {version_dir, name_dir, name_dir.parent_path()}) {
        if (::rmdir(dir.c_str()) != 0) return;
    }
}

}  // namespace hab::package
