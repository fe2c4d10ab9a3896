// SPDX-License-Identifier: Apache-2.0
// Private to package/: finding the releases in a store with as few system calls as it takes.
#pragma once

#include <vector>

#include "base/files.hpp"
#include "package/ident.hpp"
#include "package/target.hpp"

namespace hab::package {

/// The releases below `pkgs` that are of this target and satisfy a pattern, whose empty parts are
/// wildcards; sorted by parts. Reads names on all processors if there are many. Throws io, denied.
[[nodiscard]] std::vector<Ident> find_releases(const fs::path& pkgs, const Target& target,
                                               const Ident& pattern);

/// Whether `dir` is a release directory of this target. Its metafiles are written before it gets
/// its name, so one that has a TARGET is whole. Throws io, denied.
[[nodiscard]] bool is_release(const fs::path& dir, const Target& target);

}  // namespace hab::package
