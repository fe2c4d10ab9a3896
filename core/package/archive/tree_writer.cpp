// SPDX-License-Identifier: Apache-2.0
#include "package/archive/tree_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/strings.hpp"
#include "package/archive/refusal.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

constexpr mode_t permission_bits = 07777;
constexpr std::size_t max_part = 255;
/// Every level is an open descriptor while a file is created in it.
constexpr std::size_t max_depth = 256;
/// Names of directories are kept until the end, when their times are set.
constexpr std::size_t max_directory_bytes = 16u << 20;
constexpr std::size_t directory_overhead = 128;
/// Files of this size begin their way to the disk at once, so that little is left for the sync at
/// the end.
constexpr off_t early_write_size = 256 << 10;

timespec seconds(std::int64_t value) {
    timespec time{};
    time.tv_sec = static_cast<time_t>(value);
    return time;
}

}  // namespace

void TreeWriter::refuse(std::string_view name, std::string_view why) const {
    refuse_member(what_, name, why);
}

void TreeWriter::fail(std::string_view tried, std::string_view name) const {
    throw Error::from_errno(
        fmt::format("unpacking '{}': cannot {} '{}'", what_, tried, printable(name)));
}

std::vector<std::string_view> TreeWriter::parts_of(const std::string& name) const {
    auto parts = split(name, '/');
    if (parts.size() > max_depth) refuse(name, "is nested too deeply");
    for (const std::string_view part : parts) {
        if (part.empty() || part == ".") refuse(name, "has a name with an empty part");
        if (part == "..") refuse(name, "has '..' in its name");
        if (part.size() > max_part) refuse(name, "has a name that is too long");
    }
    return parts;
}

int TreeWriter::open_part(int parent, std::string_view part, const std::string& name, bool create) {
    const std::string leaf(part);
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = ::openat(parent, leaf.c_str(), flags);
    if (fd < 0 && errno == ENOENT && create) {
        if (::mkdirat(parent, leaf.c_str(), 0755) != 0) fail("create the directory", name);
        fd = ::openat(parent, leaf.c_str(), flags);
    }
    if (fd >= 0) return fd;
    if (errno == ELOOP || errno == ENOTDIR) {
        refuse(name,
               fmt::format("passes through '{}', which is a link or a file", printable(part)));
    }
    fail("open the directory of", name);
}

int TreeWriter::enter(std::span<const std::string_view> parts, bool create) {
    std::size_t same = 0;
    while (same < parts.size() && same < open_.size() && open_[same].name == parts[same])
        ++same;
    open_.resize(same);
    std::string name;
    for (const std::string_view part : parts)
        name.append(name.empty() ? "" : "/").append(part);
    for (; same < parts.size(); ++same) {
        const int parent = open_.empty() ? root_fd_ : open_.back().fd.get();
        open_.push_back(
            {std::string(parts[same]), UniqueFd(open_part(parent, parts[same], name, create))});
    }
    return open_.empty() ? root_fd_ : open_.back().fd.get();
}

TreeWriter::Place TreeWriter::place(const std::string& name) {
    const auto parts = parts_of(name);
    const int dir_fd = enter(std::span(parts).first(parts.size() - 1), true);
    return {dir_fd, std::string(parts.back())};
}

void TreeWriter::directory(const std::string& name, Attributes attributes) {
    attributes.mode &= permission_bits;
    const auto parts = parts_of(name);
    enter(parts, true);
    if (directories_.insert_or_assign(name, attributes).second) {
        directory_bytes_ += name.size() + directory_overhead;
    }
    if (directory_bytes_ > max_directory_bytes) refuse(name, "is one directory too many");
}

void TreeWriter::remove_existing(const Place& at, const std::string& name) {
    if (::unlinkat(at.dir_fd, at.leaf.c_str(), 0) == 0 || errno == ENOENT) return;
    if (errno == EISDIR || errno == EPERM) refuse(name, "would replace a directory");
    fail("replace", name);
}

UniqueFd TreeWriter::create_file(const std::string& name) {
    const Place at = place(name);
    fail_point("unpack.file", name);
    // 0600 while it is written: the final mode may be set-id.
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int fd = ::openat(at.dir_fd, at.leaf.c_str(), flags, 0600);
    if (fd < 0 && errno == EEXIST) {
        remove_existing(at, name);
        fd = ::openat(at.dir_fd, at.leaf.c_str(), flags, 0600);
    }
    if (fd < 0) fail("create", name);
    return UniqueFd(fd);
}

void TreeWriter::finish_file(int fd, const std::string& name, Attributes attributes) {
    if (::fchmod(fd, attributes.mode & permission_bits) != 0) fail("set the mode of", name);
    const timespec times[2] = {seconds(attributes.mtime), seconds(attributes.mtime)};
    if (::futimens(fd, times) != 0) fail("set the time of", name);
    // A hint to the kernel: if it does not take it, the sync at the end does all the work.
    if (::lseek(fd, 0, SEEK_CUR) >= early_write_size) {
        (void)::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    }
}

void TreeWriter::symlink(const std::string& name, const std::string& target, std::int64_t mtime) {
    if (target.empty()) refuse(name, "is a link to nothing");
    const Place at = place(name);
    remove_existing(at, name);
    if (::symlinkat(target.c_str(), at.dir_fd, at.leaf.c_str()) != 0) fail("create the link", name);
    const timespec times[2] = {seconds(mtime), seconds(mtime)};
    if (::utimensat(at.dir_fd, at.leaf.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
        fail("set the time of", name);
    }
}

void TreeWriter::hard_link(const std::string& name, const std::string& existing) {
    if (name == existing) refuse(name, "is a hard link to itself");
    const auto from_parts = parts_of(existing);
    // A copy of the descriptor: placing the new name may close the directory of the old one.
    const UniqueFd from(::fcntl(enter(std::span(from_parts).first(from_parts.size() - 1), false),
                                F_DUPFD_CLOEXEC, 3));
    if (!from) fail("open the directory of", existing);
    const std::string from_leaf(from_parts.back());
    struct stat info{};
    if (::fstatat(from.get(), from_leaf.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(info.st_mode)) {
        refuse(name, fmt::format("is a hard link to '{}', which is no file of the package",
                                 printable(existing)));
    }
    const Place at = place(name);
    remove_existing(at, name);
    if (::linkat(from.get(), from_leaf.c_str(), at.dir_fd, at.leaf.c_str(), 0) != 0) {
        fail("create the hard link", name);
    }
}

void TreeWriter::finish() {
    // Deepest first: setting attributes of a directory must not be undone by work inside it.
    for (auto it = directories_.rbegin(); it != directories_.rend(); ++it) {
        const auto& [name, attributes] = *it;
        const auto parts = parts_of(name);
        finish_file(enter(parts, false), name, attributes);
    }
    open_.clear();
}

}  // namespace hab::package
