// SPDX-License-Identifier: Apache-2.0
// The data that templates are rendered with when there is no supervisor.
#pragma once

#include "base/value.hpp"
#include "cli/plan/plan_sketch.hpp"

namespace hab::cli {

/// What a supervisor on this machine would show the plan's templates if the service were alone in
/// its group, with "cfg" as given. What is only known once the package is built or the service
/// runs has a stand-in: the release is 20000101000000, addresses are 127.0.0.1, packages that it
/// depends on have version and release "unknown" unless the plan names them.
[[nodiscard]] Value render_context(const PlanSketch& plan, const Value& cfg);

}  // namespace hab::cli
