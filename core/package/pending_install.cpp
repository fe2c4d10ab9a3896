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

}  // namespace

PendingInstall::PendingInstall(fs::path release_dir) : release_dir_(std::move(release_dir)) {
    // Another install that fails removes empty parents: it may take them from under us.
    for (int attempt = 1;; ++attempt) {
        try {
            create();
            return;
        } catch (const Error& error) {
            if (error.system_errno() != ENOENT || attempt == max_attempts) throw;
        }
    }
}

void PendingInstall::create() {
    const fs::path parent = release_dir_.parent_path();
    make_directories(parent);
    const UniqueFd parent_fd = open_directory(parent);
    if (!parent_fd || ::flock(parent_fd.get(), LOCK_EX) != 0) {
        throw Error::from_errno(fmt::format("cannot open '{}'", parent.string()));
    }
    remove_stale(parent);
    SystemEntropy entropy;
    const fs::path path = parent / fmt::format("{}{}-{}", pending_prefix,
                                               release_dir_.filename().string(), entropy.hex(6));
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

bool PendingInstall::commit() {
    fail_point("install.sync", release_dir_.native());
    // One call for the whole file system instead of thousands of fsyncs: without it a power cut
    // after the rename could leave a package whose files are empty.
    if (::syncfs(fd_.get()) != 0) {
        throw Error::from_errno(fmt::format("cannot write '{}' to disk", path_.string()));
    }
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
