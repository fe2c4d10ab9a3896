// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/files.hpp"
#include "build/plan_values.hpp"

namespace hab::build {

/// Checks the default.toml of a built tree against its config.schema.toml, if there is one. Throws
/// BuildError(1) for a text that is no schema and for defaults that violate it. Returns warnings:
/// defaults that the schema does not know, and secrets that the plan exports to other services.
[[nodiscard]] std::vector<std::string> check_package_schema(const fs::path& tree,
                                                            const PlanValues& plan);

}  // namespace hab::build
