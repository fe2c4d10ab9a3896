// SPDX-License-Identifier: Apache-2.0
// What a plan brings beside plan.sh and a service needs: configuration, hooks, the run script.
#pragma once

#include <string>
#include <string_view>

#include "build/plan_values.hpp"
#include "build/tree_dir.hpp"

namespace hab::build {

/// The plan's directory: `files` and where in them plan.sh lies.
struct PlanFiles {
    SourceTree files;
    fs::path dir;
};

/// Copies config/ and config_install/ (without editors' leavings, or what the comma list `exclude`
/// names), hooks/ (without file name extensions), default.toml and config.schema.toml. Throws
/// BuildError(1) for two files of one hook.
void install_config(const PlanFiles& plan, const TreeDir& prefix, const std::string& exclude);

/// Throws BuildError(1) for a hook whose lines end in CRLF: a shell cannot run it.
void check_hook_lines(const PlanFiles& plan);

/// The script `run` for a plan that has pkg_svc_run and no hooks/run.
void install_run_script(const PlanValues& plan, const TreeDir& prefix);

}  // namespace hab::build
