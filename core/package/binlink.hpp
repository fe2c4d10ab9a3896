// SPDX-License-Identifier: Apache-2.0
// Programs of packages under names that a shell finds: links in /bin, or small wrapper scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "package/installed.hpp"

namespace hab::package {

struct BinlinkOptions {
    /// Where the links go, below the file-system root.
    fs::path dir = "/bin";
    /// Replace links and wrappers that lead elsewhere. Files of other kinds are never touched.
    bool force = false;
    /// Write a shell script that sets the package's runtime environment and then becomes the
    /// program, instead of a bare link, which runs it in the caller's environment.
    bool wrapper = false;
};

enum class BinlinkResult {
    made,
    unchanged,  ///< it was there already
    kept,       ///< a link or wrapper to something else is there, and was left alone
};

struct Binlink {
    fs::path path;       ///< the link, with FS_ROOT
    std::string target;  ///< the program, without FS_ROOT: "/hab/pkgs/…/bin/nginx"
    BinlinkResult result = BinlinkResult::made;
    std::string found;  ///< what a kept link leads to
};

/// Links one program of an installed package, or, without `binary`, every program in its PATH
/// directories (of two programs of one name, the first counts). `store` is where wrappers look up
/// the runtime environment. Every link is made atomically. Throws not_found if the package has no
/// such program, already_exists if a file that is no link of ours is in the way, io.
std::vector<Binlink> binlink(const InstalledPackage& package, const InstalledPackages& store,
                             const std::optional<std::string>& binary,
                             const BinlinkOptions& options);

/// The script of a wrapper for one program of the package. Throws unsupported if the package's
/// environment has a variable that a shell cannot set.
[[nodiscard]] std::string wrapper_script(const InstalledPackage& package,
                                         const InstalledPackages& store, const std::string& target);

}  // namespace hab::package
