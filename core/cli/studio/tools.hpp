// SPDX-License-Identifier: Apache-2.0
// What stands in a studio of each type, and the shell that is run there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "package/installed.hpp"

namespace hab::cli {

struct StudioTools {
    std::string type;  ///< empty: of the studio that is there, else default
    std::vector<package::InstalledPackage> packages = {};  ///< with all they depend on
    std::string path;                                      ///< PATH inside
    std::string shell;                                     ///< path inside
    std::optional<std::filesystem::path> toolchain = {};   ///< stage1: what is /tools inside
};

/// For a type (empty = default):
///   default          HAB_STUDIO_TOOLS (or the usual set, as far as it is installed),
///                    HAB_STUDIO_INSTALL_PKGS and --pkg; bash must be among them
///   busybox          core/busybox-static and --pkg
///   baseimage, bare  the packages of PKGS (idents separated by blanks) and core/busybox-static
///   stage1           the toolchain archive at STAGE1_TOOLS_URL, kept in TAR_DIR
/// Throws not_found for a package that is missing, usage for a variable that is.
[[nodiscard]] StudioTools studio_tools(const Invocation& invocation, const std::string& type);

}  // namespace hab::cli
