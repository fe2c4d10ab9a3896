// SPDX-License-Identifier: Apache-2.0
#include "package/installed.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/ordering.hpp"

namespace hab::package {
namespace {

/// Directories of installs that are under way, or were killed.
constexpr std::string_view pending_prefix = ".hab-pkg-install";

/// Names of the entries of a directory; none if it does not exist.
std::vector<std::string> names_in(const fs::path& dir) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
        std::string name = it->path().filename().string();
        if (!name.starts_with('.')) names.push_back(std::move(name));
    }
    if (error && error != std::errc::no_such_file_or_directory &&
        error != std::errc::not_a_directory) {
        throw Error::from_errno(fmt::format("cannot list '{}'", dir.string()), error.value());
    }
    return names;
}

bool is_file(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

/// Whether `dir` is a release directory of this target. Its metafiles are written before it gets
/// its name.
bool is_installed(const fs::path& dir, const Target& target) {
    if (dir.filename().string().starts_with(pending_prefix)) return false;
    const auto text = read_file_if_exists(dir / metafile::target, max_metafile_size);
    return text && trim(*text) == target.name();
}

/// Collects what satisfies a pattern with empty parts as wildcards.
class Search {
public:
    Search(fs::path pkgs, const Target& target) : pkgs_(std::move(pkgs)), target_(target) {}

    std::vector<Ident> run(const Ident& pattern) {
        for (const auto& origin : choose(pattern.origin, pkgs_)) {
            for (const auto& name : choose(pattern.name, pkgs_ / origin)) {
                const fs::path dir = pkgs_ / origin / name;
                for (const auto& version : choose(pattern.version, dir)) {
                    for (const auto& release : choose(pattern.release, dir / version)) {
                        add(Ident{origin, name, version, release});
                    }
                }
            }
        }
        sort_by_parts(found_);
        return std::move(found_);
    }

private:
    static std::vector<std::string> choose(const std::string& fixed, const fs::path& dir) {
        return fixed.empty() ? names_in(dir) : std::vector{fixed};
    }
    void add(Ident ident) {
        const fs::path dir = pkgs_ / ident.origin / ident.name / ident.version / ident.release;
        if (is_installed(dir, target_)) found_.push_back(std::move(ident));
    }

    fs::path pkgs_;
    Target target_;
    std::vector<Ident> found_;
};

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
    return Search(paths_.pkgs(), target_).run({});
}

std::vector<Ident> InstalledPackages::list_origin(std::string_view origin) const {
    return Search(paths_.pkgs(), target_).run({std::string(origin), {}, {}, {}});
}

std::vector<Ident> InstalledPackages::list_matching(const Ident& wanted) const {
    return Search(paths_.pkgs(), target_).run(wanted);
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
    return is_installed(dir_of(fully_qualified), target_);
}

fs::path InstalledPackages::dir_of(const Ident& fully_qualified) const {
    return paths_.root() / fully_qualified.relative_path();
}

}  // namespace hab::package
