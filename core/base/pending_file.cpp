// SPDX-License-Identifier: Apache-2.0
#include "base/pending_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/entropy.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/log.hpp"

namespace hab {
namespace {

constexpr std::size_t digits = 12;
constexpr std::string_view suffix = ".tmp";

fs::path directory_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

bool is_pending_name(std::string_view name) {
    // ".N" and ".<digits>.tmp" at least
    if (!name.starts_with('.') || !name.ends_with(suffix)) return false;
    if (name.size() < 2 + 1 + digits + suffix.size()) return false;
    name.remove_suffix(suffix.size());
    const std::string_view hex = name.substr(name.size() - digits);
    return name[name.size() - digits - 1] == '.' &&
           hex.find_first_not_of("0123456789abcdef") == hex.npos;
}

/// Every write looks, into directories of up to thousands of files: no path is made for those that
/// do not matter.
std::vector<std::string> pending_names(const fs::path& directory) {
    std::vector<std::string> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(directory.c_str()), ::closedir);
    if (!dir) return found;
    while (const dirent* entry = ::readdir(dir.get())) {
        if (is_pending_name(entry->d_name)) found.emplace_back(entry->d_name);
    }
    return found;
}

/// Whether the file was left by a process that is gone. Its lock is held by `fd` then. It is ours, or
/// was given to the directory's owner already, as rendered configuration is.
bool is_stale(int fd, uid_t owner_of_directory) {
    struct stat info{};
    return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
           (info.st_uid == ::geteuid() || info.st_uid == owner_of_directory) &&
           info.st_nlink == 1 && ::flock(fd, LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

PendingFile::PendingFile(fs::path path) : path_(std::move(path)) {
    remove_stale_files(directory_of(path_));
    while (!create()) {
    }
}

PendingFile::~PendingFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

/// False when another process took the new file for a stale one before it was locked.
bool PendingFile::create() {
    SystemEntropy entropy;
    const fs::path name = directory_of(path_) / fmt::format(".{}.{}{}", path_.filename().string(),
                                                            entropy.hex(digits / 2), suffix);
    fd_ = open_file(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    temporary_ = name;
    const bool locked = ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno != EWOULDBLOCK) return true;  // no locks here: nothing is ever stale
    struct stat info{};
    if (locked && ::fstat(fd_.get(), &info) == 0 && info.st_nlink == 1) return true;
    ::unlink(temporary_.c_str());
    return false;
}

void PendingFile::sync() const {
    fail_point("files.fsync", path_.native());
    if (::fsync(fd_.get()) != 0) {
        throw Error::from_errno(fmt::format("cannot flush '{}' to disk", path_.string()));
    }
}

void PendingFile::place() {
    rename_path(temporary_, path_);
    temporary_.clear();
}

std::size_t remove_stale_files(const fs::path& directory) {
    const auto pending = pending_names(directory);
    struct stat about{};
    if (pending.empty() || ::stat(directory.c_str(), &about) != 0) return 0;
    const auto remove_if_stale = [&](const std::string& name) {
        const fs::path path = directory / name;
        constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
        const UniqueFd fd(::open(path.c_str(), flags));
        if (!fd || !is_stale(fd.get(), about.st_uid) || ::unlink(path.c_str()) != 0) return false;
        log::info("files", "removed '{}', left by a process that was killed", path.string());
        return true;
    };
    return static_cast<std::size_t>(std::count_if(pending.begin(), pending.end(), remove_if_stale));
}

void copy_file_atomic(const fs::path& from, const fs::path& to, bool durable) {
    const UniqueFd in = open_file(from, O_RDONLY);
    PendingFile out(to);
    const auto check = [&](auto result) {
        if (result >= 0) return result;
        throw Error::from_errno(
            fmt::format("cannot copy '{}' to '{}'", from.string(), to.string()));
    };
    while (check(::sendfile(out.fd(), in.get(), nullptr, 1u << 30)) > 0) {
    }
    struct stat info{};
    check(::fstat(in.get(), &info));
    check(::fchmod(out.fd(), info.st_mode & 0777));
    if (durable) out.sync();
    out.place();
    if (durable) sync_path(directory_of(to));
}

}  // namespace hab
