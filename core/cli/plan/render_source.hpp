// SPDX-License-Identifier: Apache-2.0
// What `hab plan render CONTEXT` means: a plan with all its templates, or one template.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "cli/plan/plan_sketch.hpp"

namespace hab::cli {

/// One template and where its text goes, relative to the directory of results.
struct RenderFile {
    fs::path source;
    std::string name;    ///< as partials call it: "app.conf", "hooks/run"
    std::string target;  ///< "config/app.conf", "hooks/run"
    bool wanted = true;  ///< false: only there to be included
};

/// Templates that can include each other.
using RenderSet = std::vector<RenderFile>;

struct RenderSource {
    std::optional<fs::path> plan_dir;  ///< where plan.sh is, if one belongs to it
    PlanSketch plan;
    fs::path default_toml;        ///< where it is looked for
    std::vector<RenderSet> sets;  ///< config/ and hooks/ together, config_install/ apart
    std::string warning;          ///< not empty if another plan.sh was passed over

    /// `context`: directory with plan.sh or habitat/plan.sh, or a file. Throws not_found.
    [[nodiscard]] static RenderSource find(const fs::path& context);
};

}  // namespace hab::cli
