// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>
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

}  // namespace hab::plugin
