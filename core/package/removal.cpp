// SPDX-License-Identifier: Apache-2.0
#include "package/removal.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <vector>

#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "package/leavings.hpp"
#include "package/set_aside.hpp"

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
    SetAside package(dir, removed_prefix, "removal");
    if (!package) return false;
    const SetAside* all[] = {&package};
    SetAside::sync(all);
    package.remove();
    fail_point("removal.parents", dir.native());
    remove_empty_parents(dir.parent_path());
    return true;
}

std::size_t sweep_leavings(const InstalledPackages& store) {
    std::size_t count = 0;
    for (const fs::path& origin : subdirectories(store.paths().pkgs())) {
        for (const fs::path& name : subdirectories(origin)) {
            for (const fs::path& version : subdirectories(name))
                count += sweep_version(version);
            ::rmdir(name.c_str());  // goes if a process died between it and what was in it
        }
        ::rmdir(origin.c_str());
    }
    return count;
}

}  // namespace hab::package
