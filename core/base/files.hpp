// SPDX-License-Identifier: Apache-2.0
// Files: reading whole ones within a bound, replacing them atomically, joining paths safely.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace hab {

namespace fs = std::filesystem;

/// Opens or throws an errno Error that names the path. O_CLOEXEC is always added.
[[nodiscard]] UniqueFd open_file(const fs::path& path, int flags, mode_t mode = 0);

/// Whole content. Throws not_found / denied / io, or invalid_input when it is larger than `limit`
/// bytes.
[[nodiscard]] std::string read_file(const fs::path& path, std::size_t limit = 64u << 20);
/// Nothing if the file does not exist; otherwise as read_file.
[[nodiscard]] std::optional<std::string> read_file_if_exists(const fs::path& path,
                                                             std::size_t limit = 64u << 20);

/// Everything from a descriptor until end of file, at most `limit` bytes.
[[nodiscard]] std::string read_fd(int fd, std::string_view what, std::size_t limit = 64u << 20);
/// All bytes or an Error; retries short writes and EINTR.
void write_all(int fd, std::span<const std::byte> bytes, std::string_view what);
void write_all(int fd, std::string_view text, std::string_view what);

struct WriteOptions {
    mode_t mode = 0644;  ///< set exactly, whatever the umask
    std::optional<uid_t> owner = {};
    std::optional<gid_t> group = {};
    bool durable = true;  ///< fsync file and directory
};

/// Replaces (or creates) a file: temporary sibling, write, mode, fsync, rename, fsync of the
/// directory. Readers see the old or the new content, never a mixture, whenever the process is
/// killed.
void write_file_atomic(const fs::path& path, std::string_view content,
                       const WriteOptions& options = {});
/// As write_file_atomic, but leaves an equal file alone. True if it was written.
bool write_file_if_changed(const fs::path& path, std::string_view content,
                           const WriteOptions& options = {});

/// rename(2) with fail point "files.rename"; throws an Error that names both paths.
void rename_path(const fs::path& from, const fs::path& to);
/// fsync of a file or directory, with fail point "files.fsync".
void sync_path(const fs::path& path);
/// mkdir -p; directories it creates get `mode` exactly. Existing ones are left alone.
void make_directories(const fs::path& path, mode_t mode = 0755);
/// Target of a symbolic link, nothing if `path` is not one.
[[nodiscard]] std::optional<fs::path> read_link(const fs::path& path);

/// `base` / `relative` for a name that came from outside: throws invalid_input for an absolute
/// path, a
/// ".." part, an empty name or an embedded NUL. Purely textual: links are not followed.
[[nodiscard]] fs::path safe_join(const fs::path& base, std::string_view relative);

}  // namespace hab
