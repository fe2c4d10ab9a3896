// SPDX-License-Identifier: Apache-2.0
// Keeps removals out of installs.
#pragma once

#include <functional>

#include "base/paths.hpp"
#include "base/unique_fd.hpp"

namespace hab::package {

/// A lock on the package store of one root, held by flock(2) on the directory /hab/pkgs itself: no
/// lock file is left over, and the kernel drops it with its process.
///
/// Who adds packages shares it from the moment it decides that a dependency is already there until
/// the package that needs it has its name; installs never wait for each other here. Who removes
/// packages (uninstall, collection) holds it alone from the moment it reads the graph until the
/// last package is renamed away. Hooks of packages run without it: they may call `hab` themselves.
/// A program that only reads takes no lock. Upstream's own `hab` knows nothing of it.
class StoreLock {
public:
    enum class Kind { adding, removing };

    /// Waits until the lock is free; `waiting` is called once before a wait that is not over at
    /// once. Creates /hab/pkgs for Kind::adding; for Kind::removing a store that does not exist
    /// needs no lock. Throws io, denied.
    StoreLock(const Paths& paths, Kind kind, const std::function<void()>& waiting = {});

private:
    UniqueFd fd_;
};

}  // namespace hab::package
