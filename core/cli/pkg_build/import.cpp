// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "base/files.hpp"
#include "build/deb_import.hpp"
#include "cli/pkg_build/commands.hpp"

namespace hab::cli {
int run_plan_import(Invocation& invocation) {
    const std::filesystem::path plans =
        std::filesystem::absolute(invocation.args.require("plans")).lexically_normal();
    build::DebSource source(build::DebSourceOptions::from_environment(invocation.paths.cache()));
    const std::vector<build::ImportedPlan> made = build::import_deb(
        invocation.args.require("NAME"), build::known_deb_plans(plans), build::deb_reader(source));
    for (const build::ImportedPlan& plan : made) {
        if (!std::filesystem::exists(plans / plan.name / "plan.sh")) continue;
        throw Error(ErrorCode::conflict,
                    fmt::format("'{}' exists and is not made of the Debian package '{}'",
                                (plans / plan.name / "plan.sh").string(), plan.name),
                    "choose another directory with --plans; nothing was written");
    }
    for (const build::ImportedPlan& plan : made) {
        make_directories(plans / plan.name);
        write_file_atomic(plans / plan.name / "plan.sh", plan.text);
        invocation.terminal.status("Wrote", (plans / plan.name / "plan.sh").string());
    }
    invocation.terminal.end(
        fmt::format("Wrote {} plan{}; build them in this order, natively: hab pkg build -N {}",
                    made.size(), made.size() == 1 ? "" : "s", (plans / "NAME").string()));
    return 0;
}

}  // namespace hab::cli
