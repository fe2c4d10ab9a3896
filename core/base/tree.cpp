// SPDX-License-Identifier: Apache-2.0
#include "base/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/fail_point.hpp"

namespace hab {
namespace {

struct DirCloser {
    void operator()(DIR* dir) const noexcept { ::closedir(dir); }
};

struct Name {
    std::string text;
    unsigned char type;  ///< DT_UNKNOWN where the file system does not say
};

std::vector<Name> names_in(UniqueFd fd, const fs::path& path) {
    const std::unique_ptr<DIR, DirCloser> dir(::fdopendir(fd.get()));
    if (!dir) throw Error::from_errno(fmt::format("cannot list '{}'", path.string()));
    static_cast<void>(fd.release());  // the DIR owns it now
    std::vector<Name> names;
    errno = 0;
    while (const dirent* entry = ::readdir(dir.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.push_back({std::string(name), entry->d_type});
        errno = 0;
    }
    if (errno != 0) throw Error::from_errno(fmt::format("cannot list '{}'", path.string()));
    return names;
}

/// The type of an entry and its mount id, which tells a bind mount of the same device from a plain
/// directory. False if it is not there.
bool examine(int dirfd, const char* name, const fs::path& path, struct statx& info) {
    if (::statx(dirfd, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, STATX_TYPE | STATX_MNT_ID,
                &info) == 0) {
        return true;
    }
    if (errno == ENOENT) return false;
    throw Error::from_errno(fmt::format("cannot examine '{}'", path.string()));
}

[[noreturn]] void mounted(const fs::path& path) {
    throw Error(ErrorCode::conflict,
                fmt::format("cannot remove '{}': something is mounted there", path.string()),
                "unmount it first; nothing below the mount was touched");
}

class Remover {
public:
    explicit Remover(std::uint64_t mount) : mount_(mount) {}

    void remove(int parent, const std::string& name, const fs::path& path) const {
        struct statx info{};
        if (!examine(parent, name.c_str(), path, info)) return;
        if (info.stx_mnt_id != mount_) mounted(path);
        const bool is_directory = S_ISDIR(info.stx_mode);
        if (is_directory) empty_directory(parent, name, path);
        unlink(parent, name, path, is_directory ? AT_REMOVEDIR : 0);
    }

private:
    static void unlink(int parent, const std::string& name, const fs::path& path, int flags) {
        fail_point("files.remove", path.native());
        if (::unlinkat(parent, name.c_str(), flags) == 0 || errno == ENOENT) return;
        if (errno == EBUSY && flags == 0) mounted(path);
        throw Error::from_errno(fmt::format("cannot remove '{}'", path.string()));
    }

    void empty_directory(int parent, const std::string& name, const fs::path& path) const {
        constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        UniqueFd fd(::openat(parent, name.c_str(), flags));
        if (!fd && errno == EACCES && ::fchmodat(parent, name.c_str(), 0700, 0) == 0) {
            fd.reset(::openat(parent, name.c_str(), flags));
        }
        if (!fd) throw Error::from_errno(fmt::format("cannot open '{}'", path.string()));
        const int dirfd = fd.get();
        UniqueFd list_fd(::openat(dirfd, ".", flags));
        if (!list_fd) throw Error::from_errno(fmt::format("cannot open '{}'", path.string()));
        if (::faccessat(dirfd, ".", W_OK, AT_EACCESS) != 0) ::fchmod(dirfd, 0700);
        for (const Name& child : names_in(std::move(list_fd), path)) {
            // What is no directory needs no look: the kernel refuses to remove a mount point.
            if (child.type == DT_DIR || child.type == DT_UNKNOWN) {
                remove(dirfd, child.text, path / child.text);
            } else {
                unlink(dirfd, child.text, path / child.text, 0);
            }
        }
    }

    std::uint64_t mount_;
};

void walk(const fs::path& dir, const std::string& prefix,
          const std::function<void(const TreeEntry&)>& visit) {
    std::vector<Name> names = names_in(open_file(dir, O_RDONLY | O_DIRECTORY), dir);
    std::sort(names.begin(), names.end(),
              [](const Name& a, const Name& b) { return a.text < b.text; });
    for (const auto& [name, type] : names) {
        TreeEntry entry{prefix + name, dir / name, {}};
        if (::lstat(entry.path.c_str(), &entry.info) != 0) {
            throw Error::from_errno(fmt::format("cannot examine '{}'", entry.path.string()));
        }
        visit(entry);
        if (S_ISDIR(entry.info.st_mode)) walk(entry.path, entry.relative + "/", visit);
    }
}

}  // namespace

void remove_tree(const fs::path& path) {
    const fs::path absolute = fs::absolute(path).lexically_normal();
    const fs::path parent = absolute.parent_path();
    const std::string name = absolute.filename().string();
    if (name.empty() || parent == absolute) {
        throw Error(ErrorCode::usage, fmt::format("refusing to remove '{}'", path.string()));
    }
    const UniqueFd fd(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        if (errno == ENOENT) return;
        throw Error::from_errno(fmt::format("cannot open '{}'", parent.string()));
    }
    struct statx info{};
    if (!examine(fd.get(), "", parent, info)) return;
    Remover(info.stx_mnt_id).remove(fd.get(), name, absolute);
}

void walk_tree(const fs::path& root, const std::function<void(const TreeEntry&)>& visit) {
    walk(root, "", visit);
}

}  // namespace hab
