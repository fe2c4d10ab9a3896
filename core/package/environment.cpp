// SPDX-License-Identifier: Apache-2.0
#include "package/environment.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::package {
namespace {

constexpr std::string_view path_key = "PATH";
constexpr std::string_view certificates_key = "SSL_CERT_FILE";

void append_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
    for (const std::string& entry : more) {
        if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(entry);
    }
}

/// For packages built before RUNTIME_PATH: own PATH, then those of DEPS, then those of TDEPS.
std::vector<std::string> legacy_path(const InstalledPackage& package,
                                     const InstalledPackages& store) {
    std::vector<std::string> dirs = package.bin_dirs();
    for (const auto& idents : {package.deps(), package.tdeps()}) {
        for (const Ident& ident : idents)
            append_new(dirs, store.load(ident).bin_dirs());
    }
    return dirs;
}

bool is_executable_file(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

EnvironmentMap runtime_environment(const InstalledPackage& package,
                                   const InstalledPackages& store) {
    EnvironmentMap env;
    for (auto& [key, value] : package.meta().key_values(metafile::runtime_environment)) {
        env.insert_or_assign(key, value);
    }
    env.erase(std::string(path_key));  // written at build time, recomputed here
    const auto runtime_path = package.meta().read(metafile::runtime_path);
    std::string path = runtime_path ? *runtime_path : join(legacy_path(package, store), ":");
    if (!path.empty()) env.insert_or_assign(std::string(path_key), std::move(path));
    return env;
}

EnvironmentMap merged_environment(const EnvironmentMap& package_env, const EnvironmentMap& caller) {
    EnvironmentMap merged = caller;
    for (const auto& [key, value] : package_env) {
        const auto callers = caller.find(key);
        const bool has_own = callers != caller.end() && !callers->second.empty();
        if (key == path_key && has_own) {
            merged.insert_or_assign(key, value + ":" + callers->second);
        } else if (key != certificates_key || !has_own) {
            merged.insert_or_assign(key, value);
        }
    }
    return merged;
}

EnvironmentMap process_environment() {
    EnvironmentMap env;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=', 1);
        if (equals == text.npos) continue;
        env.try_emplace(std::string(text.substr(0, equals)), text.substr(equals + 1));
    }
    return env;
}

std::optional<fs::path> find_program(std::string_view word, std::string_view path_list) {
    if (word.find('/') != word.npos) {
        const fs::path path(word);
        return is_executable_file(path) ? std::optional(path) : std::nullopt;
    }
    if (word.empty()) return std::nullopt;
    for (const std::string_view dir : split(path_list, ':')) {
        if (dir.empty()) continue;
        fs::path path = fs::path(dir) / word;
        if (is_executable_file(path)) return path;
    }
    return std::nullopt;
}

}  // namespace hab::package
