// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/paths.hpp"
#include "package/garbage.hpp"

namespace hab::cli {

/// What needs packages on this machine, apart from processes: pins, the services of spec files
/// (also those that are down), what the running Supervisor has loaded, and what programs in /bin,
/// /usr/bin, /usr/local/bin, /hab/bin and HAB_BINLINK_DIR lead to. Throws if any of it cannot be
/// read.
[[nodiscard]] std::vector<package::GarbageRoot> garbage_roots(const Paths& paths);

}  // namespace hab::cli
