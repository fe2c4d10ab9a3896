// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/files.hpp"
#include "package/target.hpp"

namespace hab::build {

struct PlanFile {
    fs::path dir;         ///< PLAN_CONTEXT: absolute directory that holds the chosen plan.sh
    std::string warning;  ///< not empty when another plan.sh was passed over
};

/// The plan of a context directory: <target>/plan.sh or habitat/<target>/plan.sh, else plan.sh or
/// habitat/plan.sh. Throws BuildError(42) when there is none, or two of the same class.
[[nodiscard]] PlanFile find_plan(const fs::path& context, const package::Target& target);

}  // namespace hab::build
