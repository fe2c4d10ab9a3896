// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/files.hpp"
#include "build/plan_lint.hpp"

namespace hab::cli {

/// What shellcheck says about a plan; nothing if it is not installed. Its complaints about
/// variables that only the builder sets or reads are left out.
[[nodiscard]] std::vector<build::PlanFinding> shell_check(const fs::path& plan);

}  // namespace hab::cli
