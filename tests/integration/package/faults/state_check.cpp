// SPDX-License-Identifier: Apache-2.0
#include "state_check.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>

#include "base/strings.hpp"

namespace hab::test {
namespace {

constexpr std::size_t release_depth = 5;  // pkgs/origin/name/version/release

/// A name that the install itself writes into a package.
bool is_install_state(const std::string& path) {
    return path.ends_with("/INSTALL_HOOK_STATUS");
}

bool inside_package(const std::string& path) {
    return path.starts_with("pkgs/") && split(path, '/').size() >= release_depth;
}

bool same(const ImageEntry& a, const ImageEntry& b) {
    if (S_ISDIR(a.mode) || S_ISDIR(b.mode)) return (a.mode & S_IFMT) == (b.mode & S_IFMT);
    return a.mode == b.mode && *a.content == *b.content;
}

const ImageEntry* find(const TreeImage& image, const std::string& path) {
    const auto it = image.entries.find(path);
    return it == image.entries.end() ? nullptr : &it->second;
}

/// The package's tree equals the one in `whole`, apart from what the install writes into it.
std::vector<std::string> wrong_in_package(const TreeImage& whole, const TreeImage& cut,
                                          const std::string& ident) {
    const std::string directory = "pkgs/" + ident;
    return differences(whole.below(directory), cut.below(directory), [](const std::string& path) {
        return is_install_state("/" + path) || path.starts_with(".");
    });
}

void judge_packages(const TreeImage& old, const TreeImage& fresh, const TreeImage& cut,
                    std::vector<std::string>& wrong) {
    const auto there = packages_in(cut);
    for (const std::string& ident : there) {
        const TreeImage& whole = packages_in(fresh).count(ident) != 0 ? fresh : old;
        if (packages_in(whole).count(ident) == 0) {
            wrong.push_back(fmt::format("the package {} came from nowhere", ident));
            continue;
        }
        for (const std::string& line : wrong_in_package(whole, cut, ident))
            wrong.push_back(fmt::format("the package {} is torn: {}", ident, line));
        const std::string tdeps = cut.content("pkgs/" + ident + "/TDEPS");
        for (const std::string_view dep : split(tdeps, '\n')) {
            if (dep.empty() || there.count(std::string(dep)) != 0) continue;
            wrong.push_back(fmt::format("the package {} is there without {}", ident, dep));
        }
    }
}

}  // namespace

bool is_hidden(const std::string& path) {
    return path.starts_with(".") || path.find("/.") != path.npos;
}

std::set<std::string> packages_in(const TreeImage& hab) {
    std::set<std::string> idents;
    for (const auto& [path, entry] : hab.entries) {
        if (!path.starts_with("pkgs/") || is_hidden(path)) continue;
        if (split(path, '/').size() == release_depth) idents.insert(path.substr(5));
    }
    return idents;
}

std::vector<std::string> wrong_between(const TreeImage& old, const TreeImage& fresh,
                                       const TreeImage& cut, const PathTest& free) {
    std::vector<std::string> wrong;
    judge_packages(old, fresh, cut, wrong);
    const auto counts = [&](const std::string& path) {
        return !is_hidden(path) && !inside_package(path) && !(free && free(path));
    };
    for (const auto& [path, entry] : cut.entries) {
        if (!counts(path)) continue;
        const ImageEntry* before = find(old, path);
        const ImageEntry* after = find(fresh, path);
        if ((before != nullptr && same(*before, entry)) ||
            (after != nullptr && same(*after, entry)))
            continue;
        wrong.push_back(fmt::format("'{}' is neither as before nor as after", path));
    }
    for (const auto& [path, entry] : old.entries) {
        if (counts(path) && find(fresh, path) != nullptr && find(cut, path) == nullptr)
            wrong.push_back(fmt::format("'{}' is gone", path));
    }
    for (const std::string& ident : packages_in(old)) {
        if (packages_in(fresh).count(ident) != 0 && packages_in(cut).count(ident) == 0)
            wrong.push_back(fmt::format("the package {} is gone", ident));
    }
    return wrong;
}

TreeImage without_times(TreeImage hab) {
    for (auto& [path, entry] : hab.entries) {
        if (!path.starts_with("etc/trust/") || !S_ISREG(entry.mode)) continue;
        std::string text = *entry.content;
        const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
        std::replace_if(text.begin(), text.end(), digit, '0');
        entry.content = std::make_shared<const std::string>(std::move(text));
    }
    return hab;
}

}  // namespace hab::test
