// SPDX-License-Identifier: Apache-2.0
// The requests about the plan itself: what it says, and which packages it needs.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.hpp"
#include "build/assignments.hpp"
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

Reply restart_reply() {
    Assignments values;
    values.text("_hab_restart", "1");
    return values.reply();
}

}  // namespace

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
    Assignments values;
    complete(values);
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
    return values.reply();
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
    std::error_code none;
    if (!fs::is_regular_file(scaffolding.dir() / "lib" / "scaffolding.sh", none)) {
        throw BuildError(exit_codes::scaffolding,
                         Error(ErrorCode::not_found,
                               fmt::format("the scaffolding {} has no lib/scaffolding.sh",
                                           scaffolding.ident().to_string()),
                               "pkg_scaffolding must name a package that is made for it"));
    }
    Assignments values;
    values.text("_hab_scaffolding_prefix", scaffolding.prefix());
    values.list("_hab_scaffolding_deps", deps);
    return values.reply();
}

/// Build dependencies may name an older release of the package itself: compilers do.
void Driver::check_no_cycle() const {
    const std::string own = plan_.text("pkg_origin") + "/" + plan_.text("pkg_name");
    const auto is_own = [&](const Ident& ident) {
        return ident.without_version().to_string() == own;
    };
    for (const InstalledPackage& package : deps_.run) {
        const std::vector<Ident> more = package.tdeps();
        if (!is_own(package.ident()) && std::none_of(more.begin(), more.end(), is_own)) continue;
        bad_plan(is_own(package.ident()) ? fmt::format("{} depends on itself", own)
                                         : fmt::format("{} depends on {}, which depends on {}", own,
                                                       package.ident().to_string(), own),
                 "take the cycle apart: none of them could be replaced without the others");
    }
}

Reply Driver::on_resolve(const Request& request) {
    plan_ = PlanValues::from_fields(request.fields);
    deps_ = Dependencies::resolve(parts_.resolver, plan_.list("pkg_build_deps"),
                                  plan_.list("pkg_deps"));
    check_no_cycle();
    if (need(deps_.all)) {
        restart_ = true;
        return restart_reply();
    }
    dep_env_ = dep_environment(deps_);
    const auto& shell = plan_.map("_hab_environ");
    env_.layer(dep_env_, shell, [&](const std::string& text) { say("WARN: " + text); });
    Assignments values;
    values.prefixes("pkg_build_deps_resolved", deps_.build);
    values.prefixes("pkg_deps_resolved", deps_.run);
    values.prefixes("pkg_build_tdeps_resolved", deps_.build_all);
    values.prefixes("pkg_tdeps_resolved", deps_.run_all);
    values.prefixes("pkg_all_deps_resolved", deps_.direct);
    values.prefixes("pkg_all_tdeps_resolved", deps_.all);
    for (const auto& [name, value] : env_.exports(shell))
        values.exported(name, value);
    return values.reply();
}

Reply Driver::on_interpreter(const Request& request) {
    if (request.fields.size() != 3) {
        throw Error(ErrorCode::invalid_input, "the build runtime sent a malformed 'interpreter'");
    }
    const std::string& name = request.fields[0];
    const auto found = std::find_if(deps_.run.begin(), deps_.run.end(), [&](const auto& package) {
        return package.prefix() == request.fields[1];
    });
    if (found == deps_.run.end()) {
        throw Error(ErrorCode::not_found, fmt::format("'{}' must be in pkg_deps", name));
    }
    const std::string& wanted = request.fields[2];
    const std::string lines = found->meta().read_or_empty(package::metafile::interpreters);
    for (const std::string_view line : split(lines, '\n')) {
        if (line == wanted || line.ends_with("/" + wanted)) return {0, {std::string(line)}};
    }
    throw Error(ErrorCode::not_found, fmt::format("'{}' has no interpreter '{}'", name, wanted));
}

}  // namespace hab::build
