// SPDX-License-Identifier: Apache-2.0
#include "skeleton.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "account_files.hpp"

namespace chroot_studio {
namespace {

constexpr const char* marker = ".studio";

struct Directory {
    const char* path;
    mode_t mode = 0755;
};

constexpr Directory directories[] = {
    {"bin"},
    {"dev"},
    {"etc"},
    {"hab"},
    {"hab/bin"},
    {"hab/cache"},
    {"hab/pkgs"},
    {"home"},
    {"lib"},
    {"mnt"},
    {"opt"},
    {"proc"},
    {"root", 0750},
    {"run"},
    {"sbin"},
    {"src"},
    {"sys"},
    {"tmp", 01777},
    {"usr"},
    {"usr/bin"},
    {"usr/include"},
    {"usr/lib"},
    {"usr/libexec"},
    {"usr/sbin"},
    {"usr/share"},
    {"usr/share/doc"},
    {"usr/share/info"},
    {"usr/share/locale"},
    {"usr/share/man"},
    {"usr/share/misc"},
    {"usr/share/terminfo"},
    {"usr/share/zoneinfo"},
    {"var"},
    {"var/cache"},
    {"var/lib"},
    {"var/lib/misc"},
    {"var/local"},
    {"var/log"},
    {"var/mail"},
    {"var/opt"},
    {"var/run"},
    {"var/spool"},
    {"var/tmp", 01777},
};

struct Link {
    const char* path;
    const char* target;
};

constexpr Link links[] = {{"lib64", "lib"},
                          {"usr/lib64", "lib"},
                          {"var/lock", "/run/lock"},
                          {"etc/mtab", "/proc/self/mounts"}};

[[noreturn]] void fail(const std::string& tried, const fs::path& path) {
    const int error = errno;
    hab::sdk::raise(error == EACCES || error == EPERM ? HAB_STATUS_DENIED : HAB_STATUS_IO,
                    "cannot " + tried + " '" + path.string() + "': " + std::strerror(error));
}

void make_directory(const fs::path& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) == 0) {
        if (::chmod(path.c_str(), mode) != 0) fail("set the mode of", path);  // whatever the umask
    } else if (errno != EEXIST) {
        fail("make directory", path);
    }
}

/// Replaces a link atomically: programs inside may be using it.
void put_link(const fs::path& path, const fs::path& target) {
    const fs::path fresh = path.string() + ".new";
    ::unlink(fresh.c_str());
    if (::symlink(target.c_str(), fresh.c_str()) != 0) fail("make link", fresh);
    if (::rename(fresh.c_str(), path.c_str()) != 0) fail("make link", path);
}

/// A file of the studio. It is written anew, never through a link that somebody put there.
void put_file(const fs::path& path, std::string_view content) {
    const fs::path fresh = path.string() + ".new";
    ::unlink(fresh.c_str());
    const int fd =
        ::open(fresh.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) fail("create", fresh);
    const ssize_t written = ::write(fd, content.data(), content.size());
    const bool good = written == static_cast<ssize_t>(content.size()) && ::fchmod(fd, 0644) == 0;
    ::close(fd);
    if (!good || ::rename(fresh.c_str(), path.c_str()) != 0) fail("write", path);
}

std::string read_host_file(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void put_etc(const fs::path& etc) {
    const auto once = [&](const char* name, std::string_view content) {
        if (!fs::exists(fs::symlink_status(etc / name))) put_file(etc / name, content);
    };
    once("passwd", passwd);
    once("group", group);
    once("inputrc", inputrc);
    put_file(etc / "nsswitch.conf", nsswitch);
    put_file(etc / "hosts", read_host_file("/etc/hosts"));
    put_file(etc / "resolv.conf", read_host_file("/etc/resolv.conf"));
}

/// "/hab/pkgs/core/bash/5.2/2026…" -> "bash"; empty for other targets.
std::string package_name(const std::string& target) {
    const fs::path path = fs::path(target).lexically_relative("/hab/pkgs");
    const std::vector<std::string> parts(path.begin(), path.end());
    return parts.size() == 4 && parts[0] != ".." ? parts[1] : std::string();
}

/// What the first lines of scripts expect: /bin/sh, /bin/bash and /usr/bin/env of the packages
/// mounted.
void put_program_links(const fs::path& root, const std::vector<hab::sdk::Mount>& mounts) {
    for (const hab::sdk::Mount& mount : mounts) {
        const std::string name = package_name(mount.target);
        const fs::path bin = fs::path(mount.target) / "bin";
        if (name == "bash") {
            put_link(root / "bin/bash", bin / "bash");
            put_link(root / "bin/sh", bin / "bash");
        } else if (name == "coreutils") {
            put_link(root / "usr/bin/env", bin / "env");
        }
    }
}

void require_studio_or_nothing(const fs::path& root, const std::string& type) {
    std::error_code error;
    if (!fs::exists(root, error) || fs::is_empty(root, error)) return;
    const auto existing = studio_type(root);
    if (!existing) {
        hab::sdk::raise(HAB_STATUS_USAGE,
                        "cannot make a studio at '" + root.string() + "': it holds something else",
                        "choose another directory");
    }
    if (*existing != type) {
        hab::sdk::raise(HAB_STATUS_USAGE,
                        "the studio at '" + root.string() + "' is of type '" + *existing +
                            "', not '" + type + "'",
                        "remove it first, or choose another directory");
    }
}

}  // namespace

std::optional<std::string> studio_type(const fs::path& root) {
    std::ifstream file(root / marker);
    std::string line;
    constexpr std::string_view key = "studio_type=";
    while (std::getline(file, line)) {
        if (line.starts_with(key)) return line.substr(key.size());
    }
    return std::nullopt;
}

void prepare_tree(const fs::path& root, const std::string& type,
                  const std::vector<hab::sdk::Mount>& mounts) {
    require_studio_or_nothing(root, type);
    std::error_code error;
    fs::create_directories(root, error);
    if (error) {
        hab::sdk::raise(HAB_STATUS_IO,
                        "cannot make directory '" + root.string() + "': " + error.message());
    }
    // First of all, so that whatever is interrupted later can still be removed as a studio.
    if (!studio_type(root))
        put_file(root / marker, "studio_type=" + type + "\nstudio_backend=chroot\n");
    for (const Directory& directory : directories)
        make_directory(root / directory.path, directory.mode);
    for (const Link& link : links) {
        if (!fs::exists(fs::symlink_status(root / link.path)))
            put_link(root / link.path, link.target);
    }
    put_etc(root / "etc");
    put_program_links(root, mounts);
}

}  // namespace chroot_studio
