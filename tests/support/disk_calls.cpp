// SPDX-License-Identifier: Apache-2.0
#include "support/disk_calls.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <climits>
#include <filesystem>

namespace hab::test {
namespace {

namespace fs = std::filesystem;

constexpr int none = -1;
/// Stands for "relative to the working directory" in the place of a descriptor argument.
constexpr int from_cwd = -2;

/// Where a call's arguments name files: a descriptor, or directory descriptor and path.
struct CallSpec {
    int number;
    const char* name;
    int fd;    ///< index of the descriptor that is written or flushed
    int dir;   ///< index of the directory descriptor of `path`, or from_cwd
    int path;  ///< index of the path
    int other_dir = none;
    int other = none;
    bool needs_space = false;
    bool flushes = false;
};

constexpr CallSpec by_fd(int number, const char* name, int fd, bool needs_space) {
    return {number, name, fd, none, none, none, none, needs_space, false};
}
constexpr CallSpec flush(int number, const char* name) {
    return {number, name, 0, none, none, none, none, false, true};
}
constexpr CallSpec by_path(int number, const char* name, int dir, int path, bool needs_space) {
    return {number, name, none, dir, path, none, none, needs_space, false};
}
constexpr CallSpec two_paths(int number, const char* name, int dir, int path, int other_dir,
                             int other) {
    return {number, name, none, dir, path, other_dir, other, true, false};
}

#if defined(__x86_64__)
constexpr std::array specs = {
    by_fd(SYS_write, "write", 0, true),
    by_fd(SYS_pwrite64, "pwrite", 0, true),
    by_fd(SYS_writev, "writev", 0, true),
    by_fd(SYS_pwritev, "pwritev", 0, true),
    by_fd(SYS_pwritev2, "pwritev2", 0, true),
    by_fd(SYS_sendfile, "sendfile", 0, true),
    by_fd(SYS_copy_file_range, "copy_file_range", 2, true),
    by_fd(SYS_splice, "splice", 2, true),
    by_fd(SYS_ftruncate, "ftruncate", 0, false),
    by_fd(SYS_fallocate, "fallocate", 0, true),
    by_fd(SYS_fchmod, "fchmod", 0, false),
    by_fd(SYS_fchown, "fchown", 0, false),
    flush(SYS_fsync, "fsync"),
    flush(SYS_fdatasync, "fdatasync"),
    flush(SYS_syncfs, "syncfs"),
    by_path(SYS_open, "open", from_cwd, 0, true),
    by_path(SYS_creat, "creat", from_cwd, 0, true),
    by_path(SYS_openat, "openat", 0, 1, true),
    by_path(SYS_mkdir, "mkdir", from_cwd, 0, true),
    by_path(SYS_mkdirat, "mkdirat", 0, 1, true),
    by_path(SYS_mknod, "mknod", from_cwd, 0, true),
    by_path(SYS_mknodat, "mknodat", 0, 1, true),
    by_path(SYS_symlink, "symlink", from_cwd, 1, true),
    by_path(SYS_symlinkat, "symlinkat", 1, 2, true),
    by_path(SYS_rmdir, "rmdir", from_cwd, 0, false),
    by_path(SYS_unlink, "unlink", from_cwd, 0, false),
    by_path(SYS_unlinkat, "unlinkat", 0, 1, false),
    by_path(SYS_truncate, "truncate", from_cwd, 0, false),
    by_path(SYS_chmod, "chmod", from_cwd, 0, false),
    by_path(SYS_fchmodat, "fchmodat", 0, 1, false),
    by_path(SYS_chown, "chown", from_cwd, 0, false),
    by_path(SYS_lchown, "lchown", from_cwd, 0, false),
    by_path(SYS_fchownat, "fchownat", 0, 1, false),
    by_path(SYS_utimensat, "utimensat", 0, 1, false),
    two_paths(SYS_rename, "rename", from_cwd, 0, from_cwd, 1),
    two_paths(SYS_renameat, "renameat", 0, 1, 2, 3),
    two_paths(SYS_renameat2, "renameat2", 0, 1, 2, 3),
    two_paths(SYS_link, "link", from_cwd, 0, from_cwd, 1),
    two_paths(SYS_linkat, "linkat", 0, 1, 2, 3),
};
#else
constexpr std::array<CallSpec, 0> specs = {};
#endif

std::string link_of(pid_t tid, const std::string& name) {
    std::array<char, PATH_MAX> text;
    const std::string link = fmt::format("/proc/{}/{}", tid, name);
    const ssize_t n = ::readlink(link.c_str(), text.data(), text.size());
    return n <= 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(n));
}

/// A NUL-terminated text of the other process; empty if it cannot be read.
std::string text_at(pid_t tid, std::uint64_t address) {
    std::string text;
    std::array<char, 256> block;
    while (address != 0 && text.size() < PATH_MAX) {
        // Never across a page: the next one may not be mapped.
        const std::size_t size =
            std::min<std::size_t>(block.size(), 4096 - static_cast<std::size_t>(address % 4096));
        const iovec here{block.data(), size};
        const iovec there{reinterpret_cast<void*>(address), size};
        if (::process_vm_readv(tid, &here, 1, &there, 1, 0) <= 0) return {};
        const std::string_view piece(block.data(), size);
        const auto end = piece.find('\0');
        text.append(piece.substr(0, end));
        if (end != piece.npos) break;
        address += size;
    }
    return text;
}

std::string path_at(pid_t tid, const CallEntry& entry, int dir, int path) {
    const std::string given = text_at(tid, entry.arguments[static_cast<std::size_t>(path)]);
    const int fd = dir == from_cwd
                       ? AT_FDCWD
                       : static_cast<int>(entry.arguments[static_cast<std::size_t>(dir)]);
    fs::path base = fd == AT_FDCWD ? link_of(tid, "cwd") : link_of(tid, fmt::format("fd/{}", fd));
    if (given.empty()) return base.string();  // the descriptor itself (AT_EMPTY_PATH, utimensat)
    if (given.front() == '/') {
        const std::string root = link_of(tid, "root");
        base = root.empty() || root == "/" ? "/" : root + "/";
        return (base / given.substr(1)).lexically_normal().string();
    }
    return (base / given).lexically_normal().string();
}

bool is_below(const std::string& path, const std::string& directory) {
    return path == directory || path.starts_with(directory + "/");
}

const CallSpec* spec_of(std::uint64_t number) {
    for (const CallSpec& spec : specs) {
        if (static_cast<std::uint64_t>(spec.number) == number) return &spec;
    }
    return nullptr;
}

}  // namespace

const std::vector<int>& disk_call_numbers() {
    static const std::vector<int> numbers = [] {
        std::vector<int> all;
        for (const CallSpec& spec : specs)
            all.push_back(spec.number);
        return all;
    }();
    return numbers;
}

std::optional<DiskCall> examine_call(pid_t tid, const CallEntry& entry,
                                     const std::string& watched) {
    const CallSpec* spec = spec_of(entry.number);
    if (spec == nullptr) return std::nullopt;
    DiskCall call{.name = spec->name,
                  .path = {},
                  .other = {},
                  .inode = 0,
                  .needs_space = spec->needs_space,
                  .flushes = spec->flushes};
    if (spec->fd != none) {
        const int fd = static_cast<int>(entry.arguments[static_cast<std::size_t>(spec->fd)]);
        const std::string link = fmt::format("/proc/{}/fd/{}", tid, fd);
        struct stat info{};
        if (::stat(link.c_str(), &info) != 0) return std::nullopt;
        if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return std::nullopt;
        call.inode = info.st_ino;
        call.path = link_of(tid, fmt::format("fd/{}", fd));
    } else {
        call.path = path_at(tid, entry, spec->dir, spec->path);
        if (spec->other != none) call.other = path_at(tid, entry, spec->other_dir, spec->other);
    }
    if (!is_below(call.path, watched) && !is_below(call.other, watched)) return std::nullopt;
    return call;
}

}  // namespace hab::test
