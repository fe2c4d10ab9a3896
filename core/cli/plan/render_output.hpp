// SPDX-License-Identifier: Apache-2.0
// What `hab plan render` tells, for people or as JSON.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/terminal.hpp"
#include "cli/command.hpp"
#include "cli/plan/render_check.hpp"
#include "config/origins.hpp"

namespace hab::cli {

struct RenderedFile {
    std::string target;  ///< "config/app.conf"
    std::string path;    ///< where it was written; empty if it was not
    std::string text;
    bool changed = false;
};

/// Everything that one call found out.
struct RenderFindings {
    std::vector<std::string> warnings;
    std::vector<RenderProblem> problems;
    std::size_t checked = 0;  ///< templates
    std::optional<std::vector<config::OriginRow>> origins;
    std::vector<RenderedFile> files;
};

/// `hab plan render --check` of a plan, without telling anybody. Throws what keeps the templates
/// from being looked at.
[[nodiscard]] RenderFindings check_templates(const Invocation& invocation,
                                             const std::filesystem::path& context);

enum class RenderFormat { human, json };

struct RenderOutput {
    RenderFormat format = RenderFormat::human;
    bool quiet = false;  ///< people's format: only texts, warnings and problems
    bool print = false;  ///< texts to stdout
};

/// Where the text of a second rendering first differs: "config/app.conf:3"; empty if it does not.
[[nodiscard]] std::string first_difference(const std::string& target, const std::string& one,
                                           const std::string& other);

void tell(Terminal& terminal, const RenderFindings& findings, const RenderOutput& how);

}  // namespace hab::cli
