// SPDX-License-Identifier: Apache-2.0
#include "build/tree_dir.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>
#include <span>

#include "base/error.hpp"

namespace hab::build {
namespace {

[[noreturn]] void failed(std::string_view tried, const std::string& path) {
    throw Error::from_errno(fmt::format("cannot {} '{}'", tried, path));
}

std::string link_target(int dir, const std::string& name) {
    std::string text(PATH_MAX, '\0');
    const ssize_t n = ::readlinkat(dir, name.c_str(), text.data(), text.size());
    text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return text;
}

}  // namespace

TreeDir::TreeDir(const fs::path& root)
    : fd_(open_file(root, O_RDONLY | O_DIRECTORY)), path_(root) {}

TreeDir TreeDir::enter(const std::string& name) const {
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    UniqueFd fd(::openat(fd_.get(), name.c_str(), flags));
    if (!fd) {
        if (errno != ENOENT) clear_the_way(name);
        if (::mkdirat(fd_.get(), name.c_str(), 0755) != 0) failed("make", text(name));
        fd.reset(::openat(fd_.get(), name.c_str(), flags));
        if (!fd) failed("open", text(name));
        if (::fchmod(fd.get(), 0755) != 0) failed("set the mode of", text(name));
    }
    return {std::move(fd), path_ / name};
}

TreeDir TreeDir::descend(const std::string& name) const {
    UniqueFd fd(::openat(fd_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (fd) return {std::move(fd), path_ / name};
    throw Error(ErrorCode::invalid_input, fmt::format("'{}' is not a directory", text(name)),
                "do_install must put the package's files into $pkg_prefix");
}

void TreeDir::clear_the_way(const std::string& name) const {
    if (::unlinkat(fd_.get(), name.c_str(), 0) != 0 && errno != ENOENT)
        failed("replace", text(name));
}

void TreeDir::write(const std::string& name, std::string_view content, mode_t mode) const {
    clear_the_way(name);
    const UniqueFd file(::openat(fd_.get(), name.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) failed("write", text(name));
    write_all(file.get(), content, text(name));
    if (::fchmod(file.get(), mode) != 0) failed("set the mode of", text(name));
}

void TreeDir::link(const std::string& name, const std::string& target) const {
    clear_the_way(name);
    if (::symlinkat(target.c_str(), fd_.get(), name.c_str()) != 0) failed("link", text(name));
}

void TreeDir::copy_in(const std::string& name, int from, mode_t mode) const {
    const std::string fresh = "." + name + ".new";
    clear_the_way(fresh);
    const UniqueFd file(::openat(fd_.get(), fresh.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) failed("write", text(fresh));
    std::array<std::byte, 65536> bytes{};
    for (;;) {
        const ssize_t n = ::read(from, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) failed("read what becomes", text(name));
        if (n == 0) break;
        write_all(file.get(), std::span(bytes).first(static_cast<std::size_t>(n)), text(fresh));
    }
    if (::fchmod(file.get(), mode) != 0) failed("set the mode of", text(name));
    if (::renameat(fd_.get(), fresh.c_str(), fd_.get(), name.c_str()) != 0)
        failed("write", text(name));
}

fs::path TreeDir::place() const {
    return fmt::format("/proc/self/fd/{}", fd_.get());
}

void TreeDir::set_mode(mode_t mode) const {
    if (::fchmod(fd_.get(), mode) != 0) failed("set the mode of", path_.string());
}

bool TreeDir::has_file_in(const std::string& dir, const std::string& name) const {
    const UniqueFd fd(
        ::openat(fd_.get(), dir.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat info{};
    return fd && ::fstatat(fd.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(info.st_mode);
}

SourceTree::SourceTree(const fs::path& root, bool confined)
    : fd_(open_file(root, O_RDONLY | O_DIRECTORY)), root_(root), confined_(confined) {}

UniqueFd SourceTree::try_open(const fs::path& relative, int flags) const {
    const fs::path path = relative.empty() ? fs::path(".") : relative;
    open_how how{};
    // A FIFO must not hold the build up; openat2 refuses the flag where it means nothing.
    const int no_wait = (flags & O_PATH) != 0 ? 0 : O_NONBLOCK;
    how.flags = static_cast<std::uint64_t>(flags | no_wait | O_CLOEXEC);
    how.resolve = confined_ ? RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS : 0;
    long fd = -1;
    do {
        fd = ::syscall(SYS_openat2, fd_.get(), path.c_str(), &how, sizeof(how));
        // The kernel gives up when somebody renames directories meanwhile.
    } while (fd < 0 && errno == EAGAIN);
    return UniqueFd(static_cast<int>(fd));
}

UniqueFd SourceTree::open(const fs::path& relative, int flags) const {
    UniqueFd fd = try_open(relative, flags);
    if (fd) return fd;
    const std::string path = (root_ / relative).string();
    if (errno != EXDEV) failed("open", path);
    throw Error(ErrorCode::invalid_input,
                fmt::format("cannot open '{}': a link leads out of the source directory", path),
                "copy the file into the source directory, or choose another one with --src");
}

bool SourceTree::is_directory(const fs::path& relative) const {
    return static_cast<bool>(try_open(relative, O_RDONLY | O_DIRECTORY));
}

bool SourceTree::is_file(const fs::path& relative) const {
    const UniqueFd fd = try_open(relative, O_PATH);
    struct stat info{};
    if (!fd) {
        if (errno == EXDEV) static_cast<void>(open(relative, O_PATH));
        return false;
    }
    return ::fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode);
}

std::vector<SourceTree::Entry> SourceTree::list(const fs::path& relative) const {
    UniqueFd fd = open(relative, O_RDONLY | O_DIRECTORY);
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(fd.get()), &::closedir);
    if (!dir) failed("list", (root_ / relative).string());
    const int number = fd.release();
    std::vector<Entry> entries;
    while (const dirent* item = ::readdir(dir.get())) {
        const std::string name = item->d_name;
        if (name == "." || name == "..") continue;
        struct stat info{};
        if (::fstatat(number, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        const bool is_link = S_ISLNK(info.st_mode);
        entries.push_back({name, info.st_mode, is_link ? link_target(number, name) : ""});
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
}

std::string SourceTree::read(const fs::path& relative) const {
    return read_fd(open(relative, O_RDONLY).get(), (root_ / relative).string());
}

UniqueFd SourceTree::open_regular(const fs::path& relative) const {
    UniqueFd fd = open(relative, O_RDONLY);
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) failed("look at", (root_ / relative).string());
    if (S_ISREG(info.st_mode)) return fd;
    throw Error(ErrorCode::invalid_input,
                fmt::format("'{}' is not a file", (root_ / relative).string()));
}

mode_t SourceTree::mode(const fs::path& relative) const {
    struct stat info{};
    if (::fstat(open(relative, O_PATH).get(), &info) != 0)
        failed("look at", (root_ / relative).string());
    return info.st_mode & 0777;
}

}  // namespace hab::build
