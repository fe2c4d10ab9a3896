// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "base/paths.hpp"
#include "base/strings.hpp"
#include "plugin/catalogue.hpp"

namespace hab::plugin {
namespace {

namespace fs = std::filesystem;

constexpr const char* plugin_subdir = "hab/plugins/1";

/// secure_getenv: a set-user-id process must not load what its caller's environment names.
std::string trusted_environment(const char* name) {
    const char* value = ::secure_getenv(name);
    return value == nullptr ? "" : value;
}

std::optional<fs::path> user_directory() {
    if (const auto data = trusted_environment("XDG_DATA_HOME"); data.starts_with('/')) {
        return fs::path(data) / plugin_subdir;
    }
    if (const auto home = trusted_environment("HOME"); home.starts_with('/')) {
        return fs::path(home) / ".local/share" / plugin_subdir;
    }
    return std::nullopt;
}

/// Names in a directory, newest version first; nothing if it cannot be read. Names and no paths: the
/// whole store is looked through at each start of the Supervisor.
std::vector<std::string> newest_first(const std::string& directory) {
    std::vector<std::string> found;
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(directory.c_str()), ::closedir);
    if (!dir) return found;
    while (const dirent* entry = ::readdir(dir.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") found.emplace_back(name);
    }
    std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
        return ::strverscmp(a.c_str(), b.c_str()) > 0;
    });
    return found;
}

/// Plugin directory of the newest release that has one, of one package (…/origin/name).
std::optional<fs::path> newest_plugin_dir(const std::string& package) {
    std::error_code ec;
    for (const auto& version : newest_first(package)) {
        const std::string version_dir = package + '/' + version;
        for (const auto& release : newest_first(version_dir)) {
            const std::string release_dir = version_dir + '/' + release;
            if (::access((release_dir + "/PLUGINS").c_str(), F_OK) != 0) continue;
            auto directory = fs::path(release_dir) / "lib" / plugin_subdir;
            if (fs::is_directory(directory, ec)) return directory;
        }
    }
    return std::nullopt;
}

}  // namespace

SearchPlan SearchPlan::from_environment(std::vector<fs::path> files,
                                        std::vector<fs::path> package_dirs,
                                        bool allow_user_plugins) {
    SearchPlan plan;
    plan.effective_uid = ::geteuid();
    const auto disabled = trusted_environment("HAB_PLUGIN_DISABLE");
    for (const auto name : split(disabled, ',')) {
        if (!trim(name).empty()) plan.disabled.emplace_back(trim(name));
    }
    if (plan.effective_uid != 0 || allow_user_plugins) {
        plan.files = std::move(files);
        const auto path = trusted_environment("HAB_PLUGIN_PATH");
        for (const auto part : split(path, ':')) {
            if (!part.empty()) plan.env_dirs.emplace_back(part);
        }
        plan.user_dir = user_directory();
    }
    plan.package_dirs = std::move(package_dirs);
    plan.system_dirs = {fs::path("/usr/local/lib") / plugin_subdir,
                        fs::path("/usr/lib") / plugin_subdir};
    plan.builtin_dir = install_prefix() / "lib" / plugin_subdir;
    return plan;
}

std::vector<fs::path> package_plugin_dirs(const fs::path& pkgs) {
    std::vector<fs::path> found;
    auto origins = newest_first(pkgs.native());
    std::sort(origins.begin(), origins.end());
    for (const auto& origin : origins) {
        const std::string origin_dir = pkgs.native() + '/' + origin;
        auto packages = newest_first(origin_dir);
        std::sort(packages.begin(), packages.end());
        for (const auto& package : packages) {
            if (auto directory = newest_plugin_dir(origin_dir + '/' + package))
                found.push_back(*directory);
        }
    }
    return found;
}

}  // namespace hab::plugin
