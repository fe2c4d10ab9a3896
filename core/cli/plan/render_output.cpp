// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/render_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"

namespace hab::cli {
namespace {

Value problems_json(const std::vector<RenderProblem>& problems) {
    Array out;
    for (const auto& problem : problems) {
        Object one;
        one.set("place", problem.place);
        one.set("message", problem.message);
        one.set("hint", problem.hint);
        out.emplace_back(std::move(one));
    }
    return out;
}

Value origins_json(const std::vector<config::OriginRow>& rows) {
    Array out;
    for (const auto& row : rows) {
        Object one;
        one.set("path", row.path);
        // The value is JSON already, but for a secret, which is no value at all.
        one.set("value", row.value == config::redacted_text ? Value(row.value)
                                                            : parse_json(row.value, "value"));
        one.set("origin", row.origin);
        out.emplace_back(std::move(one));
    }
    return out;
}

Value files_json(const std::vector<RenderedFile>& files, bool with_text) {
    Array out;
    for (const auto& file : files) {
        Object one;
        one.set("name", file.target);
        one.set("path", file.path.empty() ? Value() : Value(file.path));
        one.set("changed", file.changed);
        if (with_text) one.set("text", file.text);
        out.emplace_back(std::move(one));
    }
    return out;
}

void tell_json(Terminal& terminal, const RenderFindings& findings, bool with_text) {
    Object out;
    out.set("files", files_json(findings.files, with_text));
    out.set("origins", findings.origins ? origins_json(*findings.origins) : Value(Array{}));
    out.set("problems", problems_json(findings.problems));
    Array warnings;
    for (const std::string& warning : findings.warnings)
        warnings.emplace_back(warning);
    out.set("warnings", std::move(warnings));
    terminal.out(to_json(Value(std::move(out)), true));
}

void tell_origins(Terminal& terminal, const std::vector<config::OriginRow>& rows) {
    std::size_t path_width = 0;
    std::size_t value_width = 0;
    constexpr std::size_t widest = 40;
    for (const auto& row : rows) {
        path_width = std::max(path_width, std::min(row.path.size(), widest));
        value_width = std::max(value_width, std::min(row.value.size(), widest));
    }
    for (const auto& row : rows) {
        terminal.out(fmt::format("{:<{}} = {:<{}}  {}\n", row.path, path_width, row.value,
                                 value_width, row.origin));
    }
}

}  // namespace

std::string first_difference(const std::string& target, const std::string& one,
                             const std::string& other) {
    if (one == other) return {};
    const auto ends = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    return fmt::format("{}:{}", target, std::count(one.begin(), ends.first, '\n') + 1);
}

void tell(Terminal& terminal, const RenderFindings& findings, const RenderOutput& how) {
    if (how.format == RenderFormat::json) return tell_json(terminal, findings, how.print);
    for (const std::string& warning : findings.warnings)
        terminal.warn(warning);
    for (const auto& problem : findings.problems) {
        terminal.out(fmt::format("{}: {}{}{}{}\n", problem.place, problem.message,
                                 problem.hint.empty() ? "" : "; ", problem.hint, problem.excerpt));
    }
    if (findings.checked != 0 && findings.problems.empty() && !how.quiet) {
        terminal.end(fmt::format("{} checked: nothing is wrong",
                                 findings.checked == 1
                                     ? std::string("1 template")
                                     : fmt::format("{} templates", findings.checked)));
    }
    if (findings.origins) tell_origins(terminal, *findings.origins);
    for (const auto& file : findings.files) {
        if (!how.quiet && !file.path.empty()) {
            terminal.status(file.changed ? "Wrote" : "Unchanged", file.path);
        }
        if (!how.print) continue;
        if (!how.quiet) terminal.out(fmt::format("### {}\n", file.target));
        terminal.out(file.text);
        if (!how.quiet && !file.text.empty() && file.text.back() != '\n') terminal.out("\n");
    }
}

}  // namespace hab::cli
