// SPDX-License-Identifier: Apache-2.0
// Content of the metafiles of a new package; pure, so that tests need no build.
#pragma once

#include <map>
#include <string>

#include "build/dependencies.hpp"
#include "build/plan_values.hpp"
#include "package/ident.hpp"
#include "package/target.hpp"

namespace hab::build {

/// What the metafiles are made from.
struct PackageFacts {
    const PlanValues& plan;
    const Dependencies& deps;
    package::Ident ident;
    package::Target target;
    bool native = false;
    bool has_run_script = false;               ///< hooks/run or run exists
    std::vector<std::string> pkg_config_dirs;  ///< when the plan names none: those that exist
    std::string default_toml;                  ///< "" = none
    std::string plan_source;                   ///< text of plan.sh

    /// "/hab/pkgs/core/foo/1.0/20260101000000".
    [[nodiscard]] std::string prefix() const { return "/" + ident.relative_path(); }
};

/// Name to content (without final newline) of every metafile but FILES and MANIFEST; empty ones are
/// left out. The same facts give the same bytes. Throws BuildError(1) for plan variables that make
/// no sense (exposed keys without a port, unknown shutdown signals).
[[nodiscard]] std::map<std::string, std::string> metafile_contents(const PackageFacts& facts);

/// Text of the MANIFEST metafile.
[[nodiscard]] std::string manifest_text(const PackageFacts& facts);

}  // namespace hab::build
