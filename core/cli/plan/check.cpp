// SPDX-License-Identifier: Apache-2.0
// `hab plan check`: evaluates and lints a plan without building it.
#include <fmt/format.h>

#include <array>

#include "build/build_error.hpp"
#include "build/plan_lint.hpp"
#include "cli/plan/check_output.hpp"
#include "cli/plan/commands.hpp"
#include "cli/plan/render_output.hpp"
#include "cli/plan/shell_check.hpp"
#include "package/artifact_directory.hpp"
#include "package/installed.hpp"

namespace hab::cli {
namespace {

constexpr int cannot_evaluate = 2;

constexpr std::array arguments = {
    ArgumentSpec{"CONTEXT", "Directory that contains plan.sh or habitat/plan.sh", false}};

constexpr std::array options = {
    OptionSpec{"format", '\0', OptionKind::value, "FORMAT", "human or json", {}, "human"}};

/// Whether a build would find the package.
bool is_available(const Paths& paths, const std::string& text) {
    const auto ident = package::Ident::try_parse(text);
    if (!ident) return false;
    if (package::InstalledPackages(paths).find(*ident)) return true;
    package::ArtifactDirectory cache(paths.artifact_cache());
    return cache.resolve(*ident, package::Target::active()).has_value();
}

/// Mistakes in the templates, with their positions.
void add_templates(const Invocation& invocation, const fs::path& context,
                   std::vector<build::PlanFinding>& findings) {
    try {
        for (const RenderProblem& problem : check_templates(invocation, context).problems)
            findings.push_back({problem.place, problem.message, problem.hint});
    } catch (const Error& error) {
        if (error.code() == ErrorCode::not_found) return;  // a plan without templates
        findings.push_back({"config", error.message(), error.hint()});
    }
}

int run(Invocation& invocation) {
    const std::string format = invocation.args.require("format");
    if (format != "human" && format != "json") {
        throw Error(ErrorCode::usage, fmt::format("--format '{}' is not known", format),
                    "it is human or json");
    }
    const bool json = format == "json";
    const fs::path context =
        fs::absolute(invocation.args.get("CONTEXT").value_or(".")).lexically_normal();
    build::PlanReading reading;
    try {
        reading = build::read_plan(invocation.paths, invocation.clock,
                                   context.has_filename() ? context : context.parent_path());
    } catch (const build::BuildError& error) {
        invocation.terminal.fatal(error);
        return cannot_evaluate;
    }
    if (!reading.problem.empty()) {
        if (json) {
            tell_machines(invocation.terminal, reading, {});
        } else {
            invocation.terminal.out(reading.output);
            invocation.terminal.fatal(unreadable(reading));
        }
        return cannot_evaluate;
    }
    auto findings = build::lint_plan(
        reading, [&](const std::string& ident) { return is_available(invocation.paths, ident); });
    for (auto& finding : shell_check(reading.file.dir / "plan.sh"))
        findings.push_back(std::move(finding));
    add_templates(invocation, reading.file.dir, findings);
    if (json) {
        tell_machines(invocation.terminal, reading, findings);
    } else {
        tell_people(invocation.terminal, reading, findings);
    }
    return findings.empty() ? 0 : 1;
}

}  // namespace

const Command& plan_check_command() {
    static constexpr Command command = {
        .path = "plan check",
        .summary = "Evaluate and lint a plan without building it",
        .description =
            "Reads plan.sh as a native build would (its code runs, no phase does) and tells\n"
            "unknown variables, dependencies that cannot be had, wrong binds and exports, "
            "mistakes\n"
            "in templates, and what shellcheck finds where it is installed. --format json also\n"
            "prints the evaluated metadata and which callbacks the plan defines.",
        .arguments = arguments,
        .options = options,
        .exit_codes = "1  there are findings\n2  the plan cannot be evaluated",
        .run = run};
    return command;
}

}  // namespace hab::cli
