// SPDX-License-Identifier: Apache-2.0
// What a plan says, without building it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/paths.hpp"
#include "build/plan_file.hpp"
#include "build/plan_values.hpp"

namespace hab::build {

/// A function that the plan defines.
struct PlanFunction {
    std::string name;
    std::string file;
    unsigned line = 0;
};

struct PlanReading {
    PlanFile file;
    PlanValues values;                    ///< completed as for a build
    std::vector<std::string> variables;   ///< every pkg_… that is set afterwards
    std::vector<PlanFunction> functions;  ///< in the order of their names
    std::string output;                   ///< what the plan printed
    std::string problem;                  ///< why it could not be read; else empty

    [[nodiscard]] bool defines(std::string_view function) const;
};

/// Reads the plan as a native build would (its code runs, with the rights of the caller), up to the
/// point where do_begin would be called. Throws BuildError(42) without a plan.
[[nodiscard]] PlanReading read_plan(const Paths& paths, const Clock& clock,
                                    const fs::path& context);

}  // namespace hab::build
