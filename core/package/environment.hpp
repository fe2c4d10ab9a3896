// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "package/installed.hpp"

namespace hab::package {

using EnvironmentMap = std::map<std::string, std::string, std::less<>>;

/// What the package's programs need in their environment: RUNTIME_ENVIRONMENT without PATH, and
/// PATH from RUNTIME_PATH, or for packages older than that from the PATHs of the package, its DEPS
/// and its TDEPS. Throws not_found if a dependency that the old rule needs is not installed.
[[nodiscard]] EnvironmentMap runtime_environment(const InstalledPackage& package,
                                                 const InstalledPackages& store);

/// The same laid over the caller's environment, for running a program: the package's PATH is put
/// before the caller's; SSL_CERT_FILE of the caller wins.
[[nodiscard]] EnvironmentMap merged_environment(const EnvironmentMap& package_env,
                                                const EnvironmentMap& caller);
/// The environment of this process.
[[nodiscard]] EnvironmentMap process_environment();

/// Finds an executable file in the directories of a ':' list; a word with a '/' is itself. Nothing
/// if it is not there or not executable.
[[nodiscard]] std::optional<fs::path> find_program(std::string_view word,
                                                   std::string_view path_list);

}  // namespace hab::package
