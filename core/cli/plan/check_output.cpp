// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/check_output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "build/runtime_variables.hpp"

namespace hab::cli {
namespace {

Value strings(const std::vector<std::string>& items) {
    Array out;
    for (const std::string& item : items)
        out.emplace_back(item);
    return out;
}

/// Every variable that the plan has set, by its name.
Object metadata(const build::PlanValues& plan) {
    std::vector<std::string> names = build::known_variables();
    std::sort(names.begin(), names.end());
    Object out;
    for (const std::string& name : names) {
        if (!plan.text(name).empty()) {
            out.set(name, plan.text(name));
        } else if (!plan.list(name).empty()) {
            out.set(name, strings(plan.list(name)));
        } else if (!plan.map(name).empty()) {
            Object map;
            for (const auto& [key, value] : plan.map(name))
                map.set(key, value);
            out.set(name, std::move(map));
        }
    }
    return out;
}

Array callbacks(const build::PlanReading& reading) {
    std::vector<std::string> names = build::phase_names();
    names.insert(names.end(), {"do_after_failure", "pkg_version", "scaffolding_load"});
    Array out;
    for (const std::string& name : names) {
        for (const build::PlanFunction& function : reading.functions) {
            if (function.name != name) continue;
            Object one;
            one.set("name", name);
            one.set("file", function.file);
            one.set("line", static_cast<std::int64_t>(function.line));
            out.emplace_back(std::move(one));
        }
    }
    return out;
}

}  // namespace

Error unreadable(const build::PlanReading& reading) {
    return {ErrorCode::invalid_input,
            fmt::format("cannot evaluate '{}': {}", (reading.file.dir / "plan.sh").string(),
                        reading.problem),
            "what it printed is above"};
}

void tell_people(Terminal& terminal, const build::PlanReading& reading,
                 const std::vector<build::PlanFinding>& findings) {
    if (!reading.file.warning.empty()) terminal.warn(reading.file.warning);
    for (const build::PlanFinding& finding : findings) {
        terminal.out(fmt::format("{}: {}{}{}\n", finding.place, finding.message,
                                 finding.hint.empty() ? "" : "; ", finding.hint));
    }
    if (findings.empty()) {
        terminal.end(fmt::format("{}/{} {}: nothing is wrong", reading.values.text("pkg_origin"),
                                 reading.values.text("pkg_name"),
                                 reading.values.text("pkg_version")));
    }
}

void tell_machines(Terminal& terminal, const build::PlanReading& reading,
                   const std::vector<build::PlanFinding>& findings) {
    Object out;
    out.set("plan", (reading.file.dir / "plan.sh").string());
    out.set("evaluated", reading.problem.empty());
    if (!reading.problem.empty()) out.set("problem", reading.problem);
    out.set("metadata", metadata(reading.values));
    out.set("callbacks", callbacks(reading));
    Array list;
    for (const build::PlanFinding& finding : findings) {
        Object one;
        one.set("place", finding.place);
        one.set("message", finding.message);
        one.set("hint", finding.hint);
        list.emplace_back(std::move(one));
    }
    out.set("findings", std::move(list));
    terminal.out(to_json(Value(std::move(out)), true));
}

}  // namespace hab::cli
