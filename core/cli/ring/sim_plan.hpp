// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/files.hpp"
#include "ring/sim/plan.hpp"

namespace hab::cli {

/// What a simulation runs of the plan in a context directory: its name, its exports with the values
/// that default.toml and HAB_<NAME> give them, and its binds. The plan is read, not run. Throws
/// not_found without a plan, invalid_input for one that names no package, and as a configuration
/// that is broken does.
[[nodiscard]] ring::sim::Plan simulated_plan(const fs::path& context);

}  // namespace hab::cli
