// SPDX-License-Identifier: Apache-2.0
// What is wrong, or suspicious, about a plan that has been read but not built.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "build/plan_reader.hpp"

namespace hab::build {

struct PlanFinding {
    std::string place;    ///< "plan.sh", "hooks/run", "default.toml"; with ":LINE" if it is known
    std::string message;  ///< one sentence
    std::string hint;     ///< what to do; may be empty
};

/// Phases that a plan may replace, in order.
[[nodiscard]] const std::vector<std::string>& phase_names();

/// `available` tells whether a dependency is installed or can be installed.
[[nodiscard]] std::vector<PlanFinding> lint_plan(
    const PlanReading& reading, const std::function<bool(const std::string&)>& available);

}  // namespace hab::build
