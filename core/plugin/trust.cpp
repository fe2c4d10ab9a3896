// SPDX-License-Identifier: Apache-2.0
#include "plugin/trust.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace hab::plugin {
namespace {

bool owner_is_trusted(const struct stat& status, unsigned effective_uid) {
    return status.st_uid == 0 || status.st_uid == effective_uid;
}

}  // namespace

std::optional<std::string> distrust_directory(const std::filesystem::path& directory,
                                              const struct stat& status, unsigned effective_uid,
                                              bool direct) {
    const auto* what = direct ? "its directory" : "its parent directory";
    if (!owner_is_trusted(status, effective_uid)) {
        return fmt::format("{} {} belongs to uid {}", what, directory.string(), status.st_uid);
    }
    const bool open_to_others = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    // In a sticky directory of root nobody can rename what belongs to somebody else, so it may
    // stand above a plugin; directly around one, others could add files.
    const bool safe_ancestor = !direct && status.st_uid == 0 && (status.st_mode & S_ISVTX) != 0;
    if (open_to_others && !safe_ancestor) {
        return fmt::format("{} {} is writable by others (mode {:04o})", what, directory.string(),
                           status.st_mode & 07777u);
    }
    return std::nullopt;
}

std::optional<std::string> distrust_reason(const std::filesystem::path& path,
                                           const struct stat& file, unsigned effective_uid) {
    if (!owner_is_trusted(file, effective_uid)) {
        return fmt::format("it belongs to uid {}", file.st_uid);
    }
    if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fmt::format("it is writable by others (mode {:04o})", file.st_mode & 07777u);
    }
    bool direct = true;
    for (auto directory = path.parent_path();; directory = directory.parent_path()) {
        struct stat status{};
        if (::lstat(directory.c_str(), &status) != 0) {
            return fmt::format("its directory {} cannot be examined: {}", directory.string(),
                               std::strerror(errno));
        }
        if (auto reason = distrust_directory(directory, status, effective_uid, direct)) {
            return reason;
        }
        if (directory == directory.parent_path()) return std::nullopt;
        direct = false;
    }
}

}  // namespace hab::plugin
