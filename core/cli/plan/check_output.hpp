// SPDX-License-Identifier: Apache-2.0
// What `hab plan check` tells, for people or as JSON.
#pragma once

#include <vector>

#include "base/terminal.hpp"
#include "build/plan_lint.hpp"

namespace hab::cli {

/// The sentence of a plan that could not be read.
[[nodiscard]] Error unreadable(const build::PlanReading& reading);

/// "place: message; hint" lines, or that nothing is wrong.
void tell_people(Terminal& terminal, const build::PlanReading& reading,
                 const std::vector<build::PlanFinding>& findings);
/// One object: plan, evaluated, metadata (pkg_* by name), callbacks, findings.
void tell_machines(Terminal& terminal, const build::PlanReading& reading,
                   const std::vector<build::PlanFinding>& findings);

}  // namespace hab::cli
