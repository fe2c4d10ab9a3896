// SPDX-License-Identifier: Apache-2.0
// From a plan to a signed package: docs/guide/building.md, docs/formats/build-protocol.md.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/paths.hpp"
#include "base/terminal.hpp"
#include "build/build_error.hpp"
#include "build/options.hpp"
#include "package/ident.hpp"
#include "package/package_source.hpp"

namespace hab::build {

struct BuildResult {
    package::Ident ident;
    fs::path artifact;  ///< the .hart in the results directory
    fs::path log;
};

/// What a build borrows from the command that runs it.
struct BuildContext {
    const Paths& paths;
    const Clock& clock;
    Terminal& terminal;
    /// Asked in order for dependencies that are not installed.
    std::vector<package::PackageSource*> sources;
};

/// Builds one package; blocks until it is done. SIGINT, SIGTERM and SIGHUP end the build and
/// everything it started (Error cancelled). Throws BuildError where an exit code has a meaning,
/// else Error.
BuildResult build_package(const BuildOptions& options, const BuildContext& context);

}  // namespace hab::build
