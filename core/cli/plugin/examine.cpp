// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin/examine.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/paths.hpp"
#include "base/strings.hpp"
#include "sandbox/run.hpp"

namespace hab::cli {
namespace {

plugin::StudioProbe to_probe(const Object& object) {
    plugin::StudioProbe probe;
    if (const auto* usable = object.find("usable"); usable != nullptr && usable->as_bool()) {
        probe.usable = *usable->as_bool();
    }
    if (const auto* reasons = object.find("reasons"); reasons != nullptr && reasons->as_array()) {
        for (const auto& reason : *reasons->as_array()) {
            if (const auto* text = reason.as_string()) probe.reasons.push_back(*text);
        }
    }
    return probe;
}

/// One line of `hab plugin describe`. The plugin may have printed lines of its own: those are
/// skipped.
void read_line(Examination& result, std::string_view line) {
    if (!line.starts_with('{')) return;
    const Value value = parse_json(line, "the description of a plugin");
    const auto* object = value.as_object();
    if (const auto* list = object->find("capabilities"); list != nullptr && list->as_array()) {
        for (const auto& item : *list->as_array()) {
            if (const auto* text = item.as_string()) result.capabilities.push_back(*text);
        }
    }
    if (const auto* probe = object->find("probe"); probe != nullptr && probe->as_object()) {
        result.probe = to_probe(*probe->as_object());
    }
}

/// What went wrong, from the child's end and its error output.
std::string problem_of(const sandbox::Captured& child, std::chrono::milliseconds limit) {
    if (child.result.timed_out) {
        return fmt::format("it did not answer within {} s", limit.count() / 1000);
    }
    if (child.result.status.ok()) return "";
    if (child.result.status.term_signal != 0) {
        return fmt::format("it crashed: {}", child.result.status.text());
    }
    std::string text;
    for (const auto line : split(child.err, '\n')) {
        auto part = trim(line);
        while (part.starts_with("✗"))
            part = trim(part.substr(std::string_view("✗").size()));
        if (part.empty()) continue;
        if (!text.empty()) text += ' ';
        text += part;
    }
    return text.empty() ? child.result.status.text() : text;
}

}  // namespace

Examination examine(const plugin::Candidate& candidate, std::chrono::milliseconds limit) {
    sandbox::Spec spec;
    // Naming the file makes the child look at this very copy, shadowed or not.
    spec.argv = {(install_prefix() / "bin/hab").string(),
                 "--plugin",
                 candidate.path.string(),
                 "plugin",
                 "describe",
                 fmt::format("{}/{}", to_string(candidate.meta.kind), candidate.id)};
    spec.env = sandbox::current_environment();
    spec.cwd = std::filesystem::current_path();
    Examination result;
    try {
        sandbox::RunOptions options;
        options.timeout = limit;
        const auto child = sandbox::run_captured(std::move(spec), std::move(options));
        for (const auto line : split(child.out, '\n'))
            read_line(result, line);
        result.problem = problem_of(child, limit);
    } catch (const Error& error) {
        result.problem = error.message();
    }
    return result;
}

plugin::StudioProbe probe_studio(const plugin::Candidate& candidate) {
    auto result = examine(candidate);
    if (result.probe) return *std::move(result.probe);
    return {.usable = false,
            .reasons = {result.problem.empty() ? "it gave no answer" : result.problem}};
}

}  // namespace hab::cli
