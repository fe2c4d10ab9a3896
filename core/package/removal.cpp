// SPDX-License-Identifier: Apache-2.0
#include "package/removal.hpp"

#include <fmt/format.h>
#include <sys/file.h>

#include <vector>

#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/log.hpp"
#include "base/tree.hpp"
#include "package/leavings.hpp"

namespace hab::package {
namespace {

std::vector<fs::path> subdirectories(const fs::path& dir) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
        std::error_code none;
        if (it->symlink_status(none).type() == fs::file_type::directory &&
            !it->path().filename().string().starts_with('.')) {
            found.push_back(it->path());
        }
    }
    return found;
}

/// One version directory: what is stale in it, then itself if it is empty.
std::size_t sweep_version(const fs::path& version_dir) {
    const UniqueFd fd = open_directory(version_dir);
    if (!fd) return 0;  // gone meanwhile
    if (::flock(fd.get(), LOCK_EX) != 0) {
        throw Error::from_errno(fmt::format("cannot lock '{}'", version_dir.string()));
    }
    const std::size_t count = remove_stale(version_dir);
    remove_empty_parents(version_dir);
    return count;
}

}  // namespace

bool remove_package(const InstalledPackages& store, const Ident& fully_qualified) {
    require_fully_qualified(fully_qualified);
    const fs::path dir = store.dir_of(fully_qualified);
    const UniqueFd fd = open_directory(dir);
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return false;
        throw Error::from_errno(fmt::format("cannot open '{}'", dir.string()));
    }
    // Held until the tree is gone: nobody takes it for the leavings of a dead process.
    if (::flock(fd.get(), LOCK_EX) != 0) {
        throw Error::from_errno(fmt::format("cannot lock '{}'", dir.string()));
    }
    SystemEntropy entropy;
    const fs::path parent = dir.parent_path();
    const fs::path hidden =
        parent / fmt::format("{}{}-{}", removed_prefix, fully_qualified.release, entropy.hex(6));
    fail_point("removal.rename", dir.native());
    if (::rename(dir.c_str(), hidden.c_str()) != 0) {
        if (errno == ENOENT) return false;  // another process was faster
        throw Error::from_errno(fmt::format("cannot remove '{}'", dir.string()));
    }
    // Before the first file goes: a power cut must not bring back the name of half a package.
    fail_point("removal.sync", dir.native());
    sync_path(parent);
    fail_point("removal.tree", dir.native());
    remove_tree(hidden);
    fail_point("removal.parents", dir.native());
    remove_empty_parents(parent);
    return true;
}

std::size_t sweep_leavings(const InstalledPackages& store) {
    std::size_t count = 0;
    for (const fs::path& origin : subdirectories(store.paths().pkgs())) {
        for (const fs::path& name : subdirectories(origin)) {
            for (const fs::path& version : subdirectories(name))
                count += sweep_version(version);
        }
    }
    return count;
}

}  // namespace hab::package
