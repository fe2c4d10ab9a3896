// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "package/compression.hpp"

namespace hab::build {

/// What the user asked for; all paths absolute.
struct BuildOptions {
    fs::path context;      ///< directory with plan.sh or habitat/plan.sh
    fs::path source_root;  ///< what a studio shows as /src; SRC_PATH of native builds
    fs::path output_dir;   ///< results/
    std::vector<std::string> key_origins;  ///< -k: secret keys that must exist
    bool native = false;                   ///< -N: on this machine, without a studio
    bool reuse_studio = false;             ///< -R
    std::string backend = {};              ///< studio plugin; empty = the first usable one
    bool verbose = false;                  ///< say which studios were passed over, and why
    std::optional<fs::path> studio_root;   ///< -r
    package::CompressionChoice compression;
    std::vector<std::string> plugin_files;
};

}  // namespace hab::build
