// SPDX-License-Identifier: Apache-2.0
// The requests about what a build calls itself and what its shell has in the environment.
#include <fmt/format.h>

#include "base/strings.hpp"
#include "build/assignments.hpp"
#include "build/driver.hpp"
#include "build/runtime_variables.hpp"

namespace hab::build {
namespace {

std::vector<std::string> below(const std::string& prefix, const std::vector<std::string>& dirs) {
    std::vector<std::string> paths;
    for (const std::string& dir : dirs)
        paths.push_back(prefix + "/" + dir);
    return paths;
}

[[noreturn]] void too_late(std::string_view function, std::string_view step) {
    throw BuildError(exit_codes::version_too_late,
                     Error(ErrorCode::invalid_input,
                           fmt::format("{} was called in {}; from do_prepare on the version is "
                                       "fixed",
                                       function, step),
                           "call it in do_before, do_download or do_unpack"));
}

}  // namespace

NameRoots Driver::roots() const {
    return {"/hab/pkgs", parts_.place.layout().source_cache.string(),
            parts_.paths.artifact_cache().string(), parts_.target.to_string()};
}

Reply Driver::hello() {
    if (parts_.plan_source.find("\r\n") != std::string::npos) {
        // Where that is not a syntax error, names would only look right.
        throw BuildError(1, Error(ErrorCode::invalid_input,
                                  "the plan has CRLF line ends; bash takes the CR as part of each "
                                  "word",
                                  "save plan.sh with LF line ends"));
    }
    const Layout& layout = parts_.place.layout();
    Assignments values;
    assign_defaults(values, roots());
    values.text("_hab_mode", mode_ == Mode::probe ? "probe" : "build");
    values.text("PLAN_CONTEXT", layout.plan_context.string());
    values.text("SRC_PATH", layout.source.string());
    values.exported("HAB_CACHE_KEY_PATH", parts_.keys.dir().string());
    values.text("HAB_BIN", parts_.program);
    values.text("pkg_output_path", layout.output.string());
    values.text("pkg_release", parts_.release);
    values.exported("SOURCE_DATE_EPOCH", parts_.source_date);
    return values.reply();
}

void Driver::complete(Assignments& values) {
    values.texts(complete_plan(plan_));
    const bool computed = plan_.text("pkg_dirname").empty();
    values.texts(derive_names(plan_, roots(), computed, true));
    own_dirname_ = computed ? plan_.text("pkg_dirname") : std::string();
}

Reply Driver::on_derive(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    if (prepared_) too_late("update_pkg_version", plan_.text("_hab_step"));
    const std::string old_prefix = plan_.text("pkg_prefix");
    Assignments values;
    values.texts(complete_plan(plan_));  // a scaffolding may have given more
    const bool computed = plan_.text("pkg_dirname") == own_dirname_;
    values.texts(derive_names(plan_, roots(), computed, false));
    if (computed) own_dirname_ = plan_.text("pkg_dirname");
    const std::string& prefix = plan_.text("pkg_prefix");
    const std::string& version = plan_.text("pkg_version");
    PlanValues::Map shell = plan_.map("_hab_environ");
    const auto replace = [&](std::string_view from, std::string_view to) {
        env_.replace(from, to);
        for (auto& [name, value] : shell) {
            if (value.find(from) != std::string::npos) value = replace_all(value, from, to);
        }
    };
    replace(old_prefix, prefix);
    if (version != unset_version) replace(unset_version, version);
    for (const auto& [name, value] : shell) {
        if (value != plan_.map("_hab_environ").at(name)) values.exported(name, value);
    }
    if (tree_ && old_prefix != prefix) make_room(prefix);
    return values.reply();
}

Reply Driver::on_source_date(const Request& request) {
    const std::string text = request.fields.empty() ? std::string() : request.fields[0];
    const auto seconds = parse_u64(text);
    if (!seconds) {
        throw BuildError(
            1, Error(ErrorCode::invalid_input,
                     fmt::format("set_source_date: '{}' is not a number of seconds", text),
                     "give seconds since 1970, as date +%s prints them"));
    }
    if (prepared_)
        too_late("set_source_date", request.fields.size() > 1 ? request.fields[1] : "a phase");
    Assignments values;
    if (!parts_.source_date_fixed) {
        values.exported("SOURCE_DATE_EPOCH", text);
        values.text("pkg_release", compact_utc(WallTime(std::chrono::seconds(*seconds))));
    }
    return values.reply();
}

Reply Driver::on_env(const Request& request) {
    if (request.fields.size() != 8) {
        throw Error(ErrorCode::invalid_input, "the build runtime sent a malformed 'env'",
                    "a plan must not replace functions whose names begin with _hab_");
    }
    const std::vector<std::string>& f = request.fields;
    const EnvironmentChange change{f[0], !f[1].empty(), f[2], f[3], f[4], f[5], f[6], f[7]};
    Assignments values;
    values.exported(change.name, env_.change(change));
    return values.reply();
}

Reply Driver::on_path(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    const std::string own = join(below(plan_.text("pkg_prefix"), plan_.list("pkg_bin_dirs")), ":");
    const auto& shell = plan_.map("_hab_environ");
    const auto initial = shell.find("INITIAL_PATH");
    const std::string path = merge_lists(":", own + ":" + join(dep_env_.path, ":"),
                                         initial == shell.end() ? std::string() : initial->second);
    say("PATH is " + path);
    Assignments values;
    values.exported("PATH", path);
    return values.reply();
}

/// Everything that do_prepare and later phases rely on.
Reply Driver::on_ready(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    const std::string& version = plan_.text("pkg_version");
    if (version.empty() || version == unset_version) {
        throw BuildError(
            exit_codes::no_version,
            Error(ErrorCode::invalid_input, "pkg_version is not set although all sources are there",
                  "call update_pkg_version in do_before, do_download or do_unpack"));
    }
    check_hook_lines(parts_.plan_files);
    prepared_ = true;
    Assignments values;
    const auto append = [&](const char* name, const char* separator,
                            const std::vector<std::string>& items) {
        const std::string more = join(items, separator);
        std::string value = plan_.text(name);
        if (!value.empty() && !more.empty()) value += separator;
        value += more;
        if (value.empty()) return;
        say(fmt::format("{} is {}", name, value));
        values.exported(name, value);
    };
    std::vector<std::string> run_path = below(plan_.text("pkg_prefix"), plan_.list("pkg_lib_dirs"));
    run_path.insert(run_path.end(), dep_env_.ld_run_path.begin(), dep_env_.ld_run_path.end());
    append("LD_RUN_PATH", ":", run_path);
    append("CFLAGS", " ", dep_env_.cflags);
    append("CPPFLAGS", " ", dep_env_.cppflags);
    append("CXXFLAGS", " ", dep_env_.cxxflags);
    append("LDFLAGS", " ", dep_env_.ldflags);
    append("PKG_CONFIG_PATH", ":", dep_env_.pkg_config_path);
    values.exported("PREFIX", plan_.text("pkg_prefix"));
    return values.reply();
}

}  // namespace hab::build
