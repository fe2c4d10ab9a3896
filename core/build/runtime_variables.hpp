// SPDX-License-Identifier: Apache-2.0
// What the build runtime is told first: defaults of the plan's variables, and which ones to report.
#pragma once

#include "build/assignments.hpp"
#include "build/plan_names.hpp"

namespace hab::build {

/// Directory of the runtime's file main.sh. Throws not_found.
[[nodiscard]] fs::path runtime_dir();

/// Names of the plan variables that mean something, for "did you mean".
[[nodiscard]] std::vector<std::string> known_variables();

/// Lists of what a report has, and every variable that a plan finds set before it is read.
void assign_defaults(Assignments& values, const NameRoots& roots);

}  // namespace hab::build
