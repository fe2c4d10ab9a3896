// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_tree.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/pending_file.hpp"

namespace hab::supervisor {
namespace {

constexpr mode_t supervisor_mode = 0755;
constexpr mode_t user_mode = 0770;
/// Of a directory that has not got its owner and mode yet. Nobody gives one this mode on purpose, so
/// one that is left by a process that died in between can be told from what an operator chose.
constexpr mode_t unfinished_mode = 0400;

/// True if it was made now, or not to its end before.
bool make_directory(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), unfinished_mode) == 0) return true;
    if (errno == EEXIST) {
        struct stat info{};
        return ::lstat(path.c_str(), &info) == 0 && info.st_mode == (S_IFDIR | unfinished_mode);
    }
    throw Error::from_errno(fmt::format("cannot create {}", path.string()));
}

/// By descriptor and without following a link: the service user may write beside these directories.
UniqueFd open_directory(const std::filesystem::path& path) {
    return open_file(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/// True if it was made now.
bool own_directory(const std::filesystem::path& path) {
    const bool made = make_directory(path);
    struct stat info{};
    if (!made && ::lstat(path.c_str(), &info) == 0 && info.st_mode == (S_IFDIR | supervisor_mode))
        return false;
    const auto fd = open_directory(path);
    if (::fchmod(fd.get(), supervisor_mode) != 0) {
        throw Error::from_errno(fmt::format("cannot set the mode of {}", path.string()));
    }
    return made;
}

void user_directory(const std::filesystem::path& path, const ServiceUser& user) {
    if (!make_directory(path)) return;
    const auto fd = open_directory(path);
    if ((user.change && ::fchown(fd.get(), user.uid, user.gid) != 0) ||
        ::fchmod(fd.get(), user_mode) != 0) {
        throw Error::from_errno(fmt::format("cannot give {} to {}", path.string(), user.user));
    }
}

/// What a supervisor that was killed while it wrote has left. The next write into the same directory
/// would remove it, but there may be none.
void remove_unfinished_files(const ServiceTree& tree) {
    remove_stale_files(tree.root);
    remove_stale_files(tree.hooks());
    remove_stale_files(tree.config());
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator at(tree.config(), error), end;
         !error && at != end; at.increment(error)) {
        if (at->is_directory(error) && !at->is_symlink(error)) remove_stale_files(at->path());
    }
}

}  // namespace

void prepare_service_tree(const ServiceTree& tree, const ServiceUser& user) {
    make_directories(tree.root.parent_path());
    const bool is_new = own_directory(tree.root);
    (void)own_directory(tree.hooks());
    (void)own_directory(tree.logs());
    for (const char* name : {"config", "config_install", "data", "files", "static", "var"}) {
        user_directory(tree.root / name, user);
    }
    if (!is_new) remove_unfinished_files(tree);
}

}  // namespace hab::supervisor
