// SPDX-License-Identifier: Apache-2.0
#include "package/installed.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "package/ordering.hpp"
#include "package/store_walk.hpp"

namespace hab::package {
namespace {

bool is_file(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

}  // namespace

std::vector<std::string> InstalledPackage::bin_dirs() const {
    std::vector<std::string> dirs = meta_.path_list(metafile::path);
    // Packages of November 2017 carry directories of their dependencies here.
    std::erase_if(dirs, [own = prefix()](const std::string& dir) {
        return dir != own && !dir.starts_with(own + "/");
    });
    return dirs;
}

bool InstalledPackage::is_runnable() const {
    return is_file(dir() / "hooks" / "run") || is_file(dir() / "run");
}

std::vector<Ident> InstalledPackages::list() const {
    return find_releases(paths_.pkgs(), target_, {});
}

std::vector<Ident> InstalledPackages::list_origin(std::string_view origin) const {
    return find_releases(paths_.pkgs(), target_, {std::string(origin), {}, {}, {}});
}

std::vector<Ident> InstalledPackages::list_matching(const Ident& wanted) const {
    return find_releases(paths_.pkgs(), target_, wanted);
}

std::optional<InstalledPackage> InstalledPackages::find(const Ident& wanted) const {
    const auto latest = latest_of(list_matching(wanted), wanted);
    if (!latest) return std::nullopt;
    return InstalledPackage(*latest, dir_of(*latest));
}

InstalledPackage InstalledPackages::load(const Ident& wanted) const {
    if (auto package = find(wanted)) return std::move(*package);
    throw Error(
        ErrorCode::not_found,
        fmt::format("the package '{}' is not installed for {}", wanted.to_string(), target_.name()),
        fmt::format("install it with 'hab pkg install', or see what is there with 'hab pkg list "
                    "{}/{}'",
                    wanted.origin, wanted.name));
}

bool InstalledPackages::has(const Ident& fully_qualified) const {
    return is_release(dir_of(fully_qualified), target_);
}

fs::path InstalledPackages::dir_of(const Ident& fully_qualified) const {
    return paths_.root() / fully_qualified.relative_path();
}

}  // namespace hab::package
