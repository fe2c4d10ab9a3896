// SPDX-License-Identifier: Apache-2.0
#include "build/plan_file.hpp"

#include <fmt/format.h>

#include <optional>

#include "build/build_error.hpp"

namespace hab::build {
namespace {

bool has_plan(const fs::path& dir) {
    std::error_code error;
    return fs::is_regular_file(dir / "plan.sh", error);
}

/// The one of the two directories with a plan; both is an error.
std::optional<fs::path> one_of(const fs::path& a, const fs::path& b) {
    if (has_plan(a) && has_plan(b)) {
        throw BuildError(exit_codes::no_plan,
                         Error(ErrorCode::usage,
                               fmt::format("cannot choose between the plans '{}' and '{}'",
                                           (a / "plan.sh").string(), (b / "plan.sh").string()),
                               "remove one of them"));
    }
    if (has_plan(a)) return a;
    if (has_plan(b)) return b;
    return std::nullopt;
}

}  // namespace

PlanFile find_plan(const fs::path& context, const package::Target& target) {
    const fs::path habitat = context / "habitat";
    const auto special = one_of(context / target.name(), habitat / target.name());
    const auto plain = one_of(context, habitat);
    if (special) {
        PlanFile plan{*special, {}};
        if (plain) {
            plan.warning =
                fmt::format("using '{}'; '{}' is for other targets",
                            (*special / "plan.sh").string(), (*plain / "plan.sh").string());
        }
        return plan;
    }
    if (plain) return {*plain, {}};
    throw BuildError(
        exit_codes::no_plan,
        Error(ErrorCode::not_found,
              fmt::format("there is no plan.sh in '{}' or in its directory 'habitat'",
                          context.string()),
              "give the directory that contains the plan: hab pkg build PLAN_CONTEXT"));
}

}  // namespace hab::build
