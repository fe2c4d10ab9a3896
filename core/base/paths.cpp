// SPDX-License-Identifier: Apache-2.0
#include "base/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace hab {
namespace {

std::filesystem::path from_env(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::filesystem::path home() {
    if (std::filesystem::path path = from_env("HOME"); !path.empty()) return path;
    const passwd* entry = ::getpwuid(::geteuid());
    return entry != nullptr ? entry->pw_dir : "/";
}

}  // namespace

Paths::Paths(std::filesystem::path root) : root_(std::move(root)) {}

Paths Paths::from_environment() {
    std::filesystem::path root = from_env("FS_ROOT");
    return Paths(root.empty() ? "/" : std::move(root));
}

std::filesystem::path Paths::own(std::string_view name) const {
    return ::geteuid() == 0 ? hab() / name : home() / ".hab" / name;
}

std::filesystem::path Paths::cache() const {
    return own("cache");
}

std::filesystem::path Paths::key_cache() const {
    std::filesystem::path path = from_env("HAB_CACHE_KEY_PATH");
    return path.empty() ? cache() / "keys" : path;
}

std::filesystem::path Paths::studios() const {
    std::filesystem::path path = from_env("HAB_STUDIOS_HOME");
    return path.empty() ? own("studios") : path;
}

std::filesystem::path Paths::etc() const {
    return own("etc");
}

std::filesystem::path install_prefix() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    std::filesystem::path dir = program.parent_path();
    if (dir.filename() == "hab" && dir.parent_path().filename() == "libexec") {
        dir = dir.parent_path();
    }
    return dir.parent_path();
}

}  // namespace hab
