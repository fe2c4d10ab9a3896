// SPDX-License-Identifier: Apache-2.0
// Everything a set of packages needs at run time.
#pragma once

#include <vector>

#include "package/installed.hpp"

namespace hab::host {

/// The packages and all their run-time dependencies, each once, most basic first: a package comes
/// after everything it depends on; otherwise in the order of DEPS. A package whose DEPS name one
/// that is not installed makes it throw not_found.
[[nodiscard]] std::vector<package::InstalledPackage> closure(
    const package::InstalledPackages& store, const std::vector<package::Ident>& idents);

}  // namespace hab::host
