// SPDX-License-Identifier: Apache-2.0
#include "build/dep_environment.hpp"

#include <algorithm>

namespace hab::build {
namespace {

using package::InstalledPackage;
namespace metafile = package::metafile;

void append_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
    for (const std::string& item : more) {
        if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
    }
}

/// The first of these metafiles that is not empty, as one entry.
std::vector<std::string> collect(const Packages& packages, std::string_view name,
                                 std::string_view instead = {}) {
    std::vector<std::string> values;
    for (const InstalledPackage& package : packages) {
        std::string text = package.meta().read_or_empty(name);
        if (text.empty() && !instead.empty()) text = package.meta().read_or_empty(instead);
        if (!text.empty()) values.push_back(std::move(text));
    }
    return values;
}

std::vector<std::string> collect_environment(const Packages& packages) {
    std::vector<std::string> triples;
    for (const InstalledPackage& package : packages) {
        for (const auto& [key, value] : package.meta().key_values(metafile::runtime_environment)) {
            if (key == "PATH") continue;  // computed, never inherited
            triples.insert(triples.end(), {package.ident().to_string(), key, value});
        }
    }
    return triples;
}

}  // namespace

DepEnvironment dep_environment(const Dependencies& deps) {
    DepEnvironment env;
    for (const InstalledPackage& package : deps.all)
        append_new(env.path, package.bin_dirs());
    env.ld_run_path = collect(deps.run, metafile::ld_run_path);
    env.cflags = collect(deps.direct, metafile::cflags);
    env.cppflags = collect(deps.direct, "CPPFLAGS", metafile::cflags);
    env.cxxflags = collect(deps.direct, "CXXFLAGS", metafile::cflags);
    env.ldflags = collect(deps.direct, metafile::ldflags);
    env.pkg_config_path = collect(deps.direct, "PKG_CONFIG_PATH");
    env.runtime_env = collect_environment(deps.run);
    env.buildtime_env = collect_environment(deps.build);
    return env;
}

std::vector<std::string> runtime_path(const std::vector<std::string>& own,
                                      const Dependencies& deps) {
    std::vector<std::string> path = own;
    for (const InstalledPackage& package : deps.run)
        append_new(path, package.bin_dirs());
    for (const InstalledPackage& package : deps.run_all)
        append_new(path, package.bin_dirs());
    return path;
}

}  // namespace hab::build
