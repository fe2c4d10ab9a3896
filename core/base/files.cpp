// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "base/pending_file.hpp"
#include "base/strings.hpp"

namespace hab {
namespace {

void set_attributes(int fd, const fs::path& path, const WriteOptions& options) {
    if (::fchmod(fd, options.mode) != 0) {
        throw Error::from_errno(fmt::format("cannot set the mode of '{}'", path.string()));
    }
    if (!options.owner && !options.group) return;
    const uid_t owner = options.owner.value_or(static_cast<uid_t>(-1));
    const gid_t group = options.group.value_or(static_cast<gid_t>(-1));
    if (::fchown(fd, owner, group) != 0) {
        throw Error::from_errno(fmt::format("cannot change the owner of '{}'", path.string()));
    }
}

}  // namespace

UniqueFd open_file(const fs::path& path, int flags, mode_t mode) {
    UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
    if (!fd) {
        const char* verb = (flags & O_ACCMODE) == O_RDONLY ? "open" : "open for writing";
        throw Error::from_errno(fmt::format("cannot {} '{}'", verb, path.string()));
    }
    return fd;
}

std::string read_fd(int fd, std::string_view what, std::size_t limit) {
    std::string content;
    struct stat info{};
    if (::fstat(fd, &info) == 0 && info.st_size > 0 &&
        static_cast<std::size_t>(info.st_size) <= limit) {
        content.reserve(static_cast<std::size_t>(info.st_size) + 1);
    }
    std::array<char, 65536> block;
    for (;;) {
        const ssize_t n = ::read(fd, block.data(), block.size());
        if (n == 0) return content;
        if (n < 0) {
            if (errno == EINTR) continue;
            throw Error::from_errno(fmt::format("cannot read '{}'", what));
        }
        if (content.size() + static_cast<std::size_t>(n) > limit) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("'{}' is larger than the limit of {} bytes", what, limit));
        }
        content.append(block.data(), static_cast<std::size_t>(n));
    }
}

std::string read_file(const fs::path& path, std::size_t limit) {
    return read_fd(open_file(path, O_RDONLY).get(), path.string(), limit);
}

std::optional<std::string> read_file_if_exists(const fs::path& path, std::size_t limit) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        throw Error::from_errno(fmt::format("cannot open '{}'", path.string()));
    }
    return read_fd(fd.get(), path.string(), limit);
}

void write_all(int fd, std::span<const std::byte> bytes, std::string_view what) {
    fail_point("files.write", what);
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0) {
            if (errno == EINTR) continue;
            throw Error::from_errno(fmt::format("cannot write '{}'", what));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

void write_all(int fd, std::string_view text, std::string_view what) {
    write_all(fd, as_bytes(text), what);
}

void write_file_atomic(const fs::path& path, std::string_view content,
                       const WriteOptions& options) {
    PendingFile pending(path);
    write_all(pending.fd(), content, path.string());
    set_attributes(pending.fd(), path, options);
    if (options.durable) pending.sync();
    pending.place();
    if (options.durable) sync_path(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

bool write_file_if_changed(const fs::path& path, std::string_view content,
                           const WriteOptions& options) {
    if (const auto old = read_file_if_exists(path); old && *old == content) return false;
    write_file_atomic(path, content, options);
    return true;
}

void rename_path(const fs::path& from, const fs::path& to) {
    fail_point("files.rename", to.string());
    if (::rename(from.c_str(), to.c_str()) != 0) {
        throw Error::from_errno(
            fmt::format("cannot rename '{}' to '{}'", from.string(), to.string()));
    }
}

void sync_path(const fs::path& path) {
    fail_point("files.fsync", path.string());
    const UniqueFd fd = open_file(path, O_RDONLY);
    if (::fsync(fd.get()) != 0) {
        throw Error::from_errno(fmt::format("cannot flush '{}' to disk", path.string()));
    }
}

void make_directories(const fs::path& path, mode_t mode) {
    if (path.empty() || fs::is_directory(path)) return;
    make_directories(path.parent_path() == path ? fs::path() : path.parent_path(), mode);
    if (::mkdir(path.c_str(), mode) == 0) {
        if (::chmod(path.c_str(), mode) == 0) return;
    } else if (errno == EEXIST && fs::is_directory(path)) {
        return;
    }
    throw Error::from_errno(fmt::format("cannot create the directory '{}'", path.string()));
}

std::optional<fs::path> read_link(const fs::path& path) {
    std::error_code error;
    fs::path target = fs::read_symlink(path, error);
    if (error) return std::nullopt;
    return target;
}

fs::path safe_join(const fs::path& base, std::string_view relative) {
    const auto refuse = [&](std::string_view why) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("the name '{}' {}, so it cannot be placed under '{}'", relative,
                                why, base.string()));
    };
    if (relative.empty()) refuse("is empty");
    if (relative.find('\0') != relative.npos) refuse("holds a NUL byte");
    if (relative.front() == '/') refuse("is absolute");
    for (const std::string_view part : split(relative, '/')) {
        if (part == "..") refuse("climbs up with '..'");
    }
    return base / fs::path(relative).lexically_normal();
}

}  // namespace hab
