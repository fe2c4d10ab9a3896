// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "build/dependencies.hpp"

namespace hab::build {

/// What dependencies contribute to the environment of a build.
struct DepEnvironment {
    std::vector<std::string> path;  ///< bin directories of all packages, first occurrences
    std::vector<std::string> ld_run_path;
    std::vector<std::string> cflags;  ///< one entry per dependency that has the file
    std::vector<std::string> cppflags;
    std::vector<std::string> cxxflags;
    std::vector<std::string> ldflags;
    std::vector<std::string> pkg_config_path;
    std::vector<std::string> runtime_env;    ///< ident, name, value; run dependencies
    std::vector<std::string> buildtime_env;  ///< the same; build dependencies
};

[[nodiscard]] DepEnvironment dep_environment(const Dependencies& deps);

/// Bin directories for running: those of `own`, of direct run dependencies, of the rest.
[[nodiscard]] std::vector<std::string> runtime_path(const std::vector<std::string>& own,
                                                    const Dependencies& deps);

}  // namespace hab::build
