// SPDX-License-Identifier: Apache-2.0
#include "tree/inside.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <hab/studio.hpp>

namespace studio_tree {
namespace {

namespace fs = std::filesystem;

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

[[noreturn]] void fail(const std::string& tried, const fs::path& path) {
    const int error = errno;
    hab::sdk::raise(error == EACCES || error == EPERM ? HAB_STATUS_DENIED : HAB_STATUS_IO,
                    "cannot " + tried + " '" + path.string() + "': " + std::strerror(error));
}

[[noreturn]] void not_a_directory(const fs::path& path) {
    hab::sdk::raise(
        HAB_STATUS_FAILED,
        "cannot use the studio: '" + path.string() + "' is not a directory, or a link leads to it",
        "remove the studio with 'hab studio rm' and make it anew");
}

bool is_directory_at(int dir, const char* name) {
    struct stat info{};
    return ::fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

/// What is below an open directory; takes over the descriptor.
void remove_empty_below(int fd) {
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(fd), &::closedir);
    if (!dir) {
        ::close(fd);
        return;
    }
    while (const dirent* entry = ::readdir(dir.get())) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        struct stat info{};
        if (::fstatat(fd, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (S_ISLNK(info.st_mode)) ::unlinkat(fd, name.c_str(), 0);
        if (!S_ISDIR(info.st_mode)) continue;
        const int child = ::openat(fd, name.c_str(), directory_flags);
        if (child >= 0) remove_empty_below(child);
        ::unlinkat(fd, name.c_str(), AT_REMOVEDIR);  // stays if it is not empty
    }
}

}  // namespace

OpenDir::OpenDir(OpenDir&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

OpenDir::~OpenDir() {
    if (fd_ >= 0) ::close(fd_);
}

fs::path OpenDir::place() const {
    return "/proc/self/fd/" + std::to_string(fd_);
}

Inside::Inside(const fs::path& root)
    : root_(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), root) {
    if (root_.fd() < 0) fail("open the studio at", root);
}

OpenDir Inside::open(const fs::path& directory) const {
    const fs::path path = directory.empty() ? fs::path(".") : directory;
    open_how how{};
    how.flags = directory_flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    long fd = -1;
    do {
        fd = ::syscall(SYS_openat2, root_.fd(), path.c_str(), &how, sizeof how);
        // The kernel gives up when somebody renames directories meanwhile.
    } while (fd < 0 && (errno == EAGAIN || errno == EINTR));
    const fs::path shown = root_.path() / directory;
    if (fd >= 0) return {static_cast<int>(fd), shown};
    if (errno == ELOOP || errno == ENOTDIR || errno == EXDEV) not_a_directory(shown);
    fail("open", shown);
}

bool Inside::exists(const fs::path& path) const {
    const OpenDir parent = open(path.parent_path());
    struct stat info{};
    return ::fstatat(parent.fd(), path.filename().c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
}

bool Inside::is_directory(const fs::path& path) const {
    const OpenDir parent = open(path.parent_path());
    return is_directory_at(parent.fd(), path.filename().c_str());
}

void Inside::make_directory(const fs::path& path, mode_t mode) const {
    const OpenDir parent = open(path.parent_path());
    const std::string name = path.filename();
    const fs::path shown = parent.path() / name;
    if (::mkdirat(parent.fd(), name.c_str(), mode) != 0) {
        if (errno != EEXIST) fail("make directory", shown);
        if (!is_directory_at(parent.fd(), name.c_str())) not_a_directory(shown);
        return;
    }
    const OpenDir made(::openat(parent.fd(), name.c_str(), directory_flags), shown);
    // Whatever the umask.
    if (made.fd() < 0 || ::fchmod(made.fd(), mode) != 0) fail("set the mode of", shown);
}

void Inside::make_directories(const fs::path& path) const {
    fs::path above;
    for (const fs::path& part : path) {
        above /= part;
        make_directory(above, 0755);
    }
}

void Inside::put_link(const fs::path& path, const fs::path& target) const {
    const OpenDir parent = open(path.parent_path());
    const std::string name = path.filename();
    const std::string fresh = name + ".new";
    ::unlinkat(parent.fd(), fresh.c_str(), 0);
    if (::symlinkat(target.c_str(), parent.fd(), fresh.c_str()) != 0 ||
        ::renameat(parent.fd(), fresh.c_str(), parent.fd(), name.c_str()) != 0)
        fail("make link", parent.path() / name);
}

void Inside::put_file(const fs::path& path, std::string_view content, mode_t mode) const {
    const OpenDir parent = open(path.parent_path());
    const std::string name = path.filename();
    const std::string fresh = name + ".new";
    ::unlinkat(parent.fd(), fresh.c_str(), 0);
    const OpenDir file(::openat(parent.fd(), fresh.c_str(),
                                O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600),
                       parent.path() / name);
    if (file.fd() < 0) fail("create", file.path());
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t written = ::write(file.fd(), content.data() + done, content.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        done += static_cast<std::size_t>(written);
    }
    if (done == content.size() && ::fchmod(file.fd(), mode) == 0 &&
        ::renameat(parent.fd(), fresh.c_str(), parent.fd(), name.c_str()) == 0) {
        return;
    }
    const int error = errno;
    ::unlinkat(parent.fd(), fresh.c_str(), 0);
    errno = error;
    fail("write", file.path());
}

void Inside::remove_file(const fs::path& path) const {
    const OpenDir parent = open(path.parent_path());
    if (::unlinkat(parent.fd(), path.filename().c_str(), 0) != 0 && errno != ENOENT)
        fail("remove", parent.path() / path.filename());
}

void Inside::remove_empty_tree(const fs::path& path) const {
    const OpenDir parent = open(path.parent_path());
    const int fd = ::openat(parent.fd(), path.filename().c_str(), directory_flags);
    if (fd >= 0) remove_empty_below(fd);
    ::unlinkat(parent.fd(), path.filename().c_str(), AT_REMOVEDIR);  // stays if it is not empty
}

}  // namespace studio_tree
