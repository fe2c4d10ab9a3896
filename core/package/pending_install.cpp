// SPDX-License-Identifier: Apache-2.0
#include "package/pending_install.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/log.hpp"
#include "base/tree.hpp"
#include "package/leavings.hpp"

namespace hab::package {
namespace {

constexpr int max_attempts = 20;
constexpr std::size_t random_bytes = 6;

/// Begin of the name of pending directories of this release.
std::string prefix_of(const fs::path& release_dir) {
    return fmt::format("{}{}-", pending_prefix, release_dir.filename().string());
}

/// The lock of the version directory: whoever makes, looks for or removes pending directories in
/// it holds it meanwhile. Throws not_found (with errno) if the directory is gone.
UniqueFd lock_parent(const fs::path& parent) {
    UniqueFd fd = open_directory(parent);
    if (!fd || ::flock(fd.get(), LOCK_EX) != 0) {
        throw Error::from_errno(fmt::format("cannot open '{}'", parent.string()));
    }
    return fd;
}

/// The caller holds the parent's lock.
bool somebody_works_on(const fs::path& release_dir) {
    const std::string prefix = prefix_of(release_dir);
    std::error_code error;
    for (fs::directory_iterator it(release_dir.parent_path(), error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        // "1-…" also begins the names of a release "1-2": what follows must be the random digits.
        if (!name.starts_with(prefix) || name.find('-', prefix.size()) != name.npos) continue;
        const UniqueFd fd = open_directory(it->path());
        if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return true;
    }
    return false;
}

}  // namespace

std::unique_ptr<PendingInstall> PendingInstall::begin(fs::path release_dir) {
    std::unique_ptr<PendingInstall> pending(new PendingInstall(std::move(release_dir)));
    // Another install that fails removes empty parents: it may take them from under us.
    for (int attempt = 1;; ++attempt) {
        try {
            if (!pending->create()) return nullptr;
            return pending;
        } catch (const Error& error) {
            if (error.system_errno() != ENOENT || attempt == max_attempts) throw;
        }
    }
}

bool PendingInstall::under_way(const fs::path& release_dir) {
    const UniqueFd parent = open_directory(release_dir.parent_path());
    if (!parent) return false;
    if (::flock(parent.get(), LOCK_EX) != 0) {
        throw Error::from_errno(
            fmt::format("cannot lock '{}'", release_dir.parent_path().string()));
    }
    return somebody_works_on(release_dir);
}

bool PendingInstall::create() {
    const fs::path parent = release_dir_.parent_path();
    make_directories(parent);
    const UniqueFd lock = lock_parent(parent);
    remove_stale(parent);
    if (somebody_works_on(release_dir_)) return false;
    SystemEntropy entropy;
    const fs::path path = parent / (prefix_of(release_dir_) + entropy.hex(random_bytes));
    if (::mkdir(path.c_str(), 0700) != 0) {
        const Error error = Error::from_errno(fmt::format("cannot create '{}'", path.string()));
        remove_empty_parents(parent);
        throw error;
    }
    path_ = path;
    fd_ = open_directory(path_);
    if (!fd_ || ::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
        throw Error::from_errno(fmt::format("cannot open '{}'", path_.string()));
    }
    return true;
}

PendingInstall::~PendingInstall() {
    if (path_.empty()) return;
    try {
        remove_tree(path_);
        remove_empty_parents(path_.parent_path());
    } catch (const Error& error) {  // a destructor: the next install will try again
        log::warn("package", "'{}' could not be removed: {}", path_.string(), error.message());
    }
}

void PendingInstall::sync() {
    fail_point("install.sync", release_dir_.native());
    // One call for the whole file system instead of thousands of fsyncs: without it a power cut
    // after the rename could leave a package whose files are empty.
    if (::syncfs(fd_.get()) != 0) {
        throw Error::from_errno(fmt::format("cannot write '{}' to disk", path_.string()));
    }
}

bool PendingInstall::place() {
    fail_point("install.rename", release_dir_.native());
    if (::rename(path_.c_str(), release_dir_.c_str()) != 0) {
        if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR) return false;
        throw Error::from_errno(
            fmt::format("cannot rename '{}' to '{}'", path_.string(), release_dir_.string()));
    }
    path_.clear();
    sync_path(release_dir_.parent_path());
    return true;
}

}  // namespace hab::package
