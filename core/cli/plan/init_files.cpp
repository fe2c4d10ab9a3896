// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/init_files.hpp"

#include "base/strings.hpp"

namespace hab::cli {
namespace {

constexpr const char* minimal_plan = R"(pkg_name=@name@
pkg_origin=@origin@
pkg_version="0.1.0"
@scaffolding@pkg_deps=()
pkg_build_deps=()
@phases@)";

constexpr const char* full_plan =
    R"(# The package: ORIGIN/NAME/VERSION, plus a release that each build adds.
pkg_name=@name@
pkg_origin=@origin@
pkg_version="0.1.0"
pkg_description="What @name@ is for, in one line"
pkg_maintainer="Your name <you@example.org>"
pkg_license=("Apache-2.0")

# Where the source comes from. Without pkg_source the directory of the plan is built.
# pkg_source="https://example.org/@name@-${pkg_version}.tar.gz"
# pkg_shasum="the SHA-256 of that file"
@scaffolding@
# Packages that are needed to run, and to build.
pkg_deps=()
pkg_build_deps=()

# Directories of the package that others search for programs, libraries and headers.
pkg_bin_dirs=(bin)
# pkg_lib_dirs=(lib)
# pkg_include_dirs=(include)

# The service: what it tells others about itself, and whom it must know.
pkg_exports=([port]=port)
pkg_exposes=(port)
# pkg_binds=([database]="port host")
# pkg_svc_user=hab
@phases@)";

constexpr const char* phases = R"(
do_build() {
  return 0
}

do_install() {
  # Everything that goes into the package is put below $pkg_prefix. $PLAN_CONTEXT is this directory.
  printf '#!/bin/sh\necho "@name@ runs"\n' >"$pkg_prefix/bin/@name@"
  chmod 0755 "$pkg_prefix/bin/@name@"
}
)";

constexpr const char* minimal_phases = R"(
do_build() {
  return 0
}

do_install() {
  return 0
}
)";

constexpr const char* run_hook = R"(#!/bin/sh
# Becomes the service: exec, in the foreground, logging to stdout.
exec 2>&1
echo "listening on {{cfg.port}}"
exec sleep 1000000
)";

constexpr const char* init_hook = R"(#!/bin/sh
# Runs before the service starts, each time.
mkdir -p {{pkg.svc_data_path}}
)";

constexpr const char* health_hook = R"(#!/bin/sh
# 0 ok, 1 warning, 2 critical, 3 unknown.
exit 0
)";

constexpr const char* default_toml =
    R"(# What an operator may change, with the values that count until somebody does.
port = 8080
)";

constexpr const char* config_file =
    R"(# A template: rendered to /hab/svc/@name@/config/@name@.conf whenever the configuration changes.
port = {{cfg.port}}
)";

constexpr const char* readme = R"(# @name@

A package for hab.

    hab plan check .       # looks for mistakes
    hab plan render .      # shows what config/ and hooks/ become
    hab pkg build .        # makes the package, in results/
    hab svc load @origin@/@name@

| file | what it is |
|---|---|
| plan.sh | how the package is made |
| default.toml | the configuration that an operator may change |
| config/ | templates of the files that the service reads |
| hooks/ | scripts that the supervisor runs: init, run, health-check |
)";

std::string fill(std::string text, const PlanSeed& seed) {
    const std::string scaffolding =
        seed.scaffolding.empty() ? "" : "pkg_scaffolding=" + seed.scaffolding + "\n";
    const char* body = seed.minimal ? minimal_phases : phases;
    text = replace_all(text, "@phases@", seed.scaffolding.empty() ? body : "");
    text = replace_all(text, "@scaffolding@", scaffolding);
    text = replace_all(text, "@name@", seed.name);
    return replace_all(text, "@origin@", seed.origin);
}

}  // namespace

std::vector<SeedFile> plan_files(const PlanSeed& seed) {
    if (seed.minimal) return {{"plan.sh", fill(minimal_plan, seed)}};
    return {{"plan.sh", fill(full_plan, seed)},
            {"default.toml", fill(default_toml, seed)},
            {"config/" + seed.name + ".conf", fill(config_file, seed)},
            {"hooks/run", fill(run_hook, seed)},
            {"hooks/init", fill(init_hook, seed)},
            {"hooks/health-check", fill(health_hook, seed)},
            {"README.md", fill(readme, seed)}};
}

}  // namespace hab::cli
