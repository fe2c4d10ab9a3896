// SPDX-License-Identifier: Apache-2.0
// Taking an installed package away, as a whole or not at all.
#pragma once

#include "package/installed.hpp"
#include "package/store_lock.hpp"

namespace hab::package {

/// Removes one installed package: its directory gets a hidden name beside it (from here on it is
/// not installed any more, durably), then the tree goes, then parents that are empty, up to
/// /hab/pkgs. Killed at any moment the package is there as a whole or gone; what is left of the
/// hidden tree is removed by the next install of that version or by sweep_leavings(). False if it
/// was not there. The caller holds the StoreLock for removing and has seen to it that nothing needs
/// the package. Fail points: removal.rename, removal.sync, removal.tree, removal.parents. Throws
/// io, denied; conflict for something mounted inside (the package keeps its name then, unless that
/// is found only below the top).
bool remove_package(const InstalledPackages& store, const Ident& fully_qualified);

/// Removes what killed installs and removals left in the whole store, and directories that are
/// empty. Leaves alone what a living process is working on. Returns how many hidden trees went.
std::size_t sweep_leavings(const InstalledPackages& store);

}  // namespace hab::package
