// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/shell_check.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "sandbox/run.hpp"

namespace hab::cli {
namespace {

// SC2034 unused and SC2154 unassigned variables: the builder uses and sets them. SC1090, SC1091: files
// that a plan sources. SC2148: plans have no first line "#!". SC2164: the builder's errexit stops a
// failing cd.
constexpr const char* not_for_plans = "SC2034,SC2154,SC1090,SC1091,SC2148,SC2164";

build::PlanFinding finding(const Value& entry) {
    const auto number = [&](const char* name) {
        const Value* value = entry.at_path(name);
        return value != nullptr && value->as_int() != nullptr ? *value->as_int() : 0;
    };
    const Value* message = entry.at_path("message");
    return {fmt::format("plan.sh:{}:{}", number("line"), number("column")),
            message != nullptr && message->as_string() != nullptr ? *message->as_string() : "",
            fmt::format("shellcheck SC{}", number("code"))};
}

}  // namespace

std::vector<build::PlanFinding> shell_check(const fs::path& plan) {
    sandbox::Spec spec;
    spec.argv = {"shellcheck",  "--shell=bash", "--format=json", "--severity=warning", "--exclude",
                 not_for_plans, "--",           plan.string()};
    spec.env = sandbox::current_environment();
    spec.env["LC_ALL"] = "C.UTF-8";
    std::string text;
    try {
        text = sandbox::run_captured(std::move(spec)).out;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        return {};
    }
    std::vector<build::PlanFinding> findings;
    const Value parsed = parse_json(text.empty() ? "[]" : text, "shellcheck");
    if (const Array* entries = parsed.as_array()) {
        for (const Value& entry : *entries)
            findings.push_back(finding(entry));
    }
    return findings;
}

}  // namespace hab::cli
