// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace hab::cli {

/// What `hab plan init` is asked for.
struct PlanSeed {
    std::string name;
    std::string origin;
    std::string scaffolding;  ///< may be empty
    bool minimal = false;     ///< plan.sh alone, without explanations
};

struct SeedFile {
    std::string path;  ///< below habitat/
    std::string text;
};

/// A plan that builds as it is, with what an author changes first.
[[nodiscard]] std::vector<SeedFile> plan_files(const PlanSeed& seed);

}  // namespace hab::cli
