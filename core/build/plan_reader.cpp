// SPDX-License-Identifier: Apache-2.0
#include "build/plan_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.hpp"
#include "build/assignments.hpp"
#include "build/interrupts.hpp"
#include "build/native_place.hpp"
#include "build/plan_names.hpp"
#include "build/runtime_variables.hpp"
#include "build/session.hpp"
#include "crypto/key_cache.hpp"

namespace hab::build {
namespace {

/// Answers the requests up to 'plan'.
class Reader {
public:
    Reader(const Paths& paths, const Clock& clock, const Layout& layout, PlanReading& into)
        : paths_(paths), clock_(clock), layout_(layout), into_(into) {}

    Reply answer(const Request& request) {
        if (request.verb == "hello") return hello();
        if (request.verb == "plan") return plan(request);
        if (request.verb == "failed" && request.fields.size() == 4) {
            const std::string& message = request.fields[2];
            into_.problem = message.empty() ? "at: " + request.fields[3] : message;
            return {};
        }
        return {1, {fmt::format("'{}' is not there while a plan is only read", request.verb)}};
    }

private:
    [[nodiscard]] NameRoots roots() const {
        return {"/hab/pkgs", layout_.source_cache.string(), paths_.artifact_cache().string(),
                package::Target::active().to_string()};
    }
    Reply hello() {
        const WallTime date = source_date(clock_);
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch());
        Assignments values;
        assign_defaults(values, roots());
        values.text("_hab_mode", "check");
        values.text("PLAN_CONTEXT", layout_.plan_context.string());
        values.text("SRC_PATH", layout_.source.string());
        values.exported("HAB_CACHE_KEY_PATH", crypto::KeyCache::from(paths_).dir().string());
        values.text("HAB_BIN", (install_prefix() / "bin" / "hab").string());
        values.text("pkg_output_path", layout_.output.string());
        values.text("pkg_release", compact_utc(date));
        values.exported("SOURCE_DATE_EPOCH", fmt::format("{}", seconds.count()));
        return values.reply();
    }
    Reply plan(const Request& request) {
        into_.values = PlanValues::from_fields(request.fields);
        const bool default_dirname = into_.values.text("pkg_dirname").empty();
        complete_plan(into_.values);
        derive_names(into_.values, roots(), default_dirname, true);
        for (const std::string& line : into_.values.list("_hab_defined")) {
            // NAME, or NAME LINE FILE
            const auto words = split(line, ' ');
            if (words.size() == 1) into_.variables.push_back(line);
            if (words.size() < 3) continue;
            const std::string file(line.substr(words[0].size() + words[1].size() + 2));
            if (file.ends_with("/main.sh") && file.starts_with(runtime_dir().string())) continue;
            into_.functions.push_back({std::string(words[0]), file,
                                       static_cast<unsigned>(parse_u64(words[1]).value_or(0))});
        }
        return {};
    }

    const Paths& paths_;
    const Clock& clock_;
    const Layout& layout_;
    PlanReading& into_;
};

}  // namespace

bool PlanReading::defines(std::string_view function) const {
    return std::any_of(functions.begin(), functions.end(),
                       [&](const PlanFunction& each) { return each.name == function; });
}

PlanReading read_plan(const Paths& paths, const Clock& clock, const fs::path& context) {
    PlanReading reading{find_plan(context, package::Target::active()), {}, {}, {}, {}, {}};
    NativePlace place(paths, runtime_dir(), reading.file.dir, context, context / "results");
    Reader reader(paths, clock, place.layout(), reading);
    Interrupts interrupts;
    const SessionHandlers handlers{[&](const Request& request) { return reader.answer(request); },
                                   [&](std::string_view text) { reading.output += text; }};
    const sandbox::Environment env{
        {"HAB_BUILD_CONTROL", place.layout().control.string()}, {"LC_ALL", "POSIX"}, {"TZ", "UTC"}};
    const int code = run_session(place, env, handlers, interrupts);
    if (code != 0 && reading.problem.empty())
        reading.problem = fmt::format("its shell ended with status {}", code);
    return reading;
}

}  // namespace hab::build
