// SPDX-License-Identifier: Apache-2.0
#include "package/set_aside.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <set>

#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/tree.hpp"
#include "package/leavings.hpp"

namespace hab::package {

SetAside::SetAside(fs::path dir, std::string_view prefix, std::string stage)
    : dir_(std::move(dir)), stage_(std::move(stage)), fd_(open_directory(dir_)) {
    if (!fd_) {
        if (errno == ENOENT || errno == ENOTDIR) return;
        throw Error::from_errno(fmt::format("cannot open '{}'", dir_.string()));
    }
    if (::flock(fd_.get(), LOCK_EX) != 0) {
        throw Error::from_errno(fmt::format("cannot lock '{}'", dir_.string()));
    }
    SystemEntropy entropy;
    const fs::path hidden =
        dir_.parent_path() /
        fmt::format("{}{}-{}", prefix, dir_.filename().string(), entropy.hex(6));
    fail_point(stage_ + ".rename", dir_.native());
    if (::rename(dir_.c_str(), hidden.c_str()) != 0) {
        if (errno == ENOENT) return;  // another process was faster
        throw Error::from_errno(fmt::format("cannot remove '{}'", dir_.string()));
    }
    hidden_ = hidden;
}

void SetAside::sync(std::span<const SetAside* const> all) {
    std::set<fs::path> parents;
    std::map<dev_t, const SetAside*> file_systems;
    for (const SetAside* each : all) {
        if (!*each) continue;
        fail_point(each->stage_ + ".sync", each->dir_.native());
        struct stat info{};
        if (::fstat(each->fd_.get(), &info) != 0) {
            throw Error::from_errno(fmt::format("cannot examine '{}'", each->hidden_.string()));
        }
        parents.insert(each->dir_.parent_path());
        file_systems.emplace(info.st_dev, each);
    }
    // Before the first file goes: a power cut must not bring back the name of half a tree.
    if (parents.size() == 1) return sync_path(*parents.begin());
    for (const auto& [device, any] : file_systems) {
        if (::syncfs(any->fd_.get()) != 0) {
            throw Error::from_errno(
                fmt::format("cannot write '{}' to disk", any->dir_.parent_path().string()));
        }
    }
}

void SetAside::put_back() {
    if (::renameat2(AT_FDCWD, hidden_.c_str(), AT_FDCWD, dir_.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST || errno == ENOTEMPTY) {
            throw Error(ErrorCode::conflict,
                        fmt::format("cannot put '{}' back: something else has taken its place",
                                    dir_.string()),
                        fmt::format("it is in '{}' until the next install", hidden_.string()));
        }
        throw Error::from_errno(
            fmt::format("cannot rename '{}' to '{}'", hidden_.string(), dir_.string()));
    }
    sync_path(dir_.parent_path());
    hidden_.clear();
    fd_.reset();
}

void SetAside::remove() {
    fail_point(stage_ + ".tree", dir_.native());
    remove_tree(hidden_);
    hidden_.clear();
    fd_.reset();
}

}  // namespace hab::package
