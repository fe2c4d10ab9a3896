// SPDX-License-Identifier: Apache-2.0
// The requests about the plan itself: what it says, and which packages it needs.
#include <fmt/format.h>

#include <algorithm>

#include "build/dep_environment.hpp"
#include "build/driver.hpp"

namespace hab::build {
namespace {

using package::Ident;
using package::InstalledPackage;

bool is_plain_name(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

[[noreturn]] void bad_plan(std::string message, std::string hint) {
    throw BuildError(1, Error(ErrorCode::invalid_input, std::move(message), std::move(hint)));
}

void check_name(const PlanValues& plan, const char* variable, std::string_view hint) {
    const std::string& value = plan.text(variable);
    if (value.empty())
        bad_plan(fmt::format("the plan does not set {}", variable), std::string(hint));
    if (!is_plain_name(value)) {
        bad_plan(fmt::format("the plan's {} '{}' is not a valid name", variable, value),
                 "use letters, digits, '_' and '-' only");
    }
}

/// Assignments for the runtime: see _hab_assign.
class Assignments {
public:
    void text(std::string_view name, std::string value) {
        fields_.push_back(fmt::format("s:{}", name));
        fields_.emplace_back("1");
        fields_.push_back(std::move(value));
    }
    void list(std::string_view name, const std::vector<std::string>& items) {
        fields_.emplace_back(name);
        fields_.push_back(fmt::format("{}", items.size()));
        fields_.insert(fields_.end(), items.begin(), items.end());
    }
    void prefixes(std::string_view name, const Packages& packages) {
        std::vector<std::string> items;
        for (const InstalledPackage& package : packages)
            items.push_back(package.prefix());
        list(name, items);
    }
    [[nodiscard]] Reply reply() { return {0, std::move(fields_)}; }

private:
    std::vector<std::string> fields_;
};

Reply restart_reply() {
    Assignments values;
    values.text("_hab_restart", "1");
    return values.reply();
}

}  // namespace

Reply Driver::hello() {
    const Layout& layout = parts_.place.layout();
    Assignments values;
    values.text("_hab_mode", mode_ == Mode::probe ? "probe" : "build");
    values.text("PLAN_CONTEXT", layout.plan_context.string());
    values.text("SRC_PATH", layout.source.string());
    values.text("HAB_ROOT_PATH", "/hab");
    values.text("HAB_PKG_PATH", "/hab/pkgs");
    values.text("HAB_CACHE_SRC_PATH", layout.source_cache.string());
    values.text("HAB_CACHE_ARTIFACT_PATH", parts_.paths.artifact_cache().string());
    values.text("HAB_CACHE_KEY_PATH", parts_.keys.dir().string());
    values.text("HAB_BIN", "hab");
    values.text("pkg_target", parts_.target.to_string());
    values.text("pkg_output_path", layout.output.string());
    values.text("pkg_release", parts_.release);
    values.text("SOURCE_DATE_EPOCH", parts_.source_date);
    values.text("_hab_source_date_fixed", parts_.source_date_fixed ? "1" : "");
    return values.reply();
}

void Driver::check_plan() const {
    check_name(plan_, "pkg_name", "every plan needs a pkg_name");
    check_name(plan_, "pkg_origin", "set it in the plan, or HAB_ORIGIN in the environment");
    if (plan_.text("pkg_type") == "composite") {
        bad_plan("composite plans (pkg_type=composite) cannot be built",
                 "they were removed in 2019; load the services one by one");
    }
    if (plan_.text("pkg_version").empty() && plan_.text("_hab_has_version_function").empty() &&
        plan_.text("pkg_scaffolding").empty()) {
        bad_plan("the plan sets no pkg_version and has no function pkg_version",
                 "every package needs a version");
    }
}

Reply Driver::on_plan(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    check_plan();
    if (!parts_.log.is_open()) {
        parts_.log.open(parts_.results.log_path(plan_.text("pkg_name"), parts_.log_stamp));
        parts_.results.give_away(parts_.log.path());
    }
    if (mode_ == Mode::probe) {
        if (!plan_.text("pkg_scaffolding").empty()) {
            const InstalledPackage scaffolding =
                parts_.resolver.resolve(plan_.text("pkg_scaffolding"));
            want(scaffolding);
            for (const Ident& ident : scaffolding.deps())
                want(parts_.resolver.load(ident));
        }
        need(Dependencies::resolve(parts_.resolver, plan_.list("pkg_build_deps"),
                                   plan_.list("pkg_deps"))
                 .all);
    }
    return {};
}

Reply Driver::on_begun(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    check_plan();
    const Ident own{plan_.text("pkg_origin"), plan_.text("pkg_name"), plan_.text("pkg_version"),
                    plan_.text("pkg_release")};
    parts_.results.write_pre_build(own);
    if (!parts_.keys.has_secret_key(own.origin)) {
        throw BuildError(
            exit_codes::no_signing_key,
            Error(
                ErrorCode::crypto,
                fmt::format("there is no secret key of the origin '{}' in '{}' to sign the package",
                            own.origin, parts_.keys.dir().string()),
                fmt::format("make one with: hab origin key generate {}", own.origin)));
    }
    return {};
}

void Driver::want(const InstalledPackage& package) {
    const auto add = [&](const InstalledPackage& one) {
        if (std::none_of(wanted_.begin(), wanted_.end(), [&](const InstalledPackage& other) {
                return other.ident() == one.ident();
            })) {
            wanted_.push_back(one);
        }
    };
    add(package);
    for (const Ident& ident : package.tdeps())
        add(parts_.resolver.load(ident));
}

bool Driver::need(const Packages& packages) {
    bool missing = false;
    for (const InstalledPackage& package : packages) {
        want(package);
        if (!parts_.place.shows(package.ident())) missing = true;
    }
    return missing;
}

Reply Driver::on_scaffolding(const Request& request) {
    const InstalledPackage scaffolding =
        parts_.resolver.resolve(request.fields.empty() ? std::string() : request.fields[0]);
    Packages packages{scaffolding};
    std::vector<std::string> deps{scaffolding.ident().to_string()};
    for (const Ident& ident : scaffolding.deps()) {
        packages.push_back(parts_.resolver.load(ident));
        deps.push_back(ident.to_string());
    }
    if (need(packages)) {
        restart_ = true;
        return restart_reply();
    }
    Assignments values;
    values.text("_hab_scaffolding_prefix", scaffolding.prefix());
    values.list("_hab_scaffolding_deps", deps);
    return values.reply();
}

Reply Driver::on_resolve(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    deps_ = Dependencies::resolve(parts_.resolver, plan_.list("pkg_build_deps"),
                                  plan_.list("pkg_deps"));
    if (need(deps_.all)) {
        restart_ = true;
        return restart_reply();
    }
    const DepEnvironment env = dep_environment(deps_);
    Assignments values;
    values.prefixes("pkg_build_deps_resolved", deps_.build);
    values.prefixes("pkg_deps_resolved", deps_.run);
    values.prefixes("pkg_build_tdeps_resolved", deps_.build_all);
    values.prefixes("pkg_tdeps_resolved", deps_.run_all);
    values.prefixes("pkg_all_deps_resolved", deps_.direct);
    values.prefixes("pkg_all_tdeps_resolved", deps_.all);
    values.list("_hab_dep_path", env.path);
    values.list("_hab_dep_ld_run_path", env.ld_run_path);
    values.list("_hab_dep_cflags", env.cflags);
    values.list("_hab_dep_cppflags", env.cppflags);
    values.list("_hab_dep_cxxflags", env.cxxflags);
    values.list("_hab_dep_ldflags", env.ldflags);
    values.list("_hab_dep_pkg_config_path", env.pkg_config_path);
    values.list("_hab_dep_runtime_env", env.runtime_env);
    values.list("_hab_dep_buildtime_env", env.buildtime_env);
    return values.reply();
}

}  // namespace hab::build
