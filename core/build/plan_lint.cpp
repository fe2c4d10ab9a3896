// SPDX-License-Identifier: Apache-2.0
#include "build/plan_lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/strings.hpp"
#include "build/build_error.hpp"
#include "build/package_files.hpp"
#include "build/package_schema.hpp"
#include "build/runtime_variables.hpp"
#include "build/service_files.hpp"
#include "package/metafiles.hpp"

namespace hab::build {
namespace {

constexpr const char* plan_file = "plan.sh";

class Lint {
public:
    Lint(const PlanReading& reading, const std::function<bool(const std::string&)>& available)
        : reading_(reading), plan_(reading.values), available_(available) {}

    std::vector<PlanFinding> run() {
        identity();
        unknown_names();
        source();
        dependencies("pkg_deps");
        dependencies("pkg_build_deps");
        twice_needed();
        binds();
        files();
        metafiles();
        return std::move(findings_);
    }

private:
    void add(std::string message, std::string hint = {}, std::string place = plan_file) {
        findings_.push_back({std::move(place), std::move(message), std::move(hint)});
    }
    /// An error of the build's own checks as a finding.
    template <typename Check>
    void as_finding(Check check) {
        try {
            check();
        } catch (const Error& error) {
            add(error.message(), error.hint());
        }
    }

    void identity();
    void unknown_names();
    void source();
    void dependencies(const char* list);
    void twice_needed();
    void binds();
    void files();
    void metafiles();

    const PlanReading& reading_;
    const PlanValues& plan_;
    const std::function<bool(const std::string&)>& available_;
    std::vector<PlanFinding> findings_;
};

bool is_plain_name(const std::string& text) {
    return !text.empty() &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string::npos;
}

void Lint::identity() {
    for (const char* name : {"pkg_name", "pkg_origin"}) {
        const std::string& value = plan_.text(name);
        if (value.empty()) {
            add(fmt::format("the plan does not set {}", name), "no package can be made without it");
        } else if (!is_plain_name(value)) {
            add(fmt::format("{} '{}' is not a valid name", name, value),
                "use letters, digits, '_' and '-' only");
        }
    }
    if (plan_.text("pkg_version").empty() && plan_.text("pkg_scaffolding").empty()) {
        add("the plan sets no pkg_version and has no function pkg_version",
            "every package needs a version");
    }
    if (plan_.text("pkg_version") == unset_version && !reading_.defines("do_before") &&
        !reading_.defines("do_download") && !reading_.defines("do_unpack") &&
        plan_.text("pkg_scaffolding").empty()) {
        add("the plan has a function pkg_version, but nothing calls update_pkg_version",
            "add do_before() { update_pkg_version; }");
    }
    if (plan_.text("pkg_type") == "composite") add("composite plans cannot be built");
    const std::string usual =
        fmt::format("/hab/pkgs/{}/{}/", plan_.text("pkg_origin"), plan_.text("pkg_name"));
    if (!plan_.text("pkg_prefix").starts_with(usual)) {
        add(fmt::format("pkg_prefix is '{}': the package would not lie where packages lie",
                        plan_.text("pkg_prefix")),
            "do not set pkg_prefix");
    }
}

void Lint::unknown_names() {
    const std::vector<std::string> known = known_variables();
    // Upstream had them once; the first two are common names of plans' own.
    static const std::map<std::string, std::string> special = {
        {"pkg_distname", ""},
        {"pkg_dist_name", ""},
        {"pkg_services", "composite plans are gone"},
        {"pkg_bind_map", "composite plans are gone"}};
    for (const std::string& name : reading_.variables) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const auto found = special.find(name);
        if (found != special.end() && found->second.empty()) continue;
        const auto near = nearest(name, known);
        add(fmt::format("the variable {} means nothing to the builder", name),
            found != special.end() ? found->second
            : near                 ? fmt::format("did you mean {}?", *near)
                                   : "give variables of your own another first word than pkg_");
    }
    std::vector<std::string> phases = phase_names();
    phases.emplace_back("do_after_failure");
    std::set<std::string> allowed(phases.begin(), phases.end());
    for (const std::string& phase : phases)
        allowed.insert(replace_all(phase, "do_", "do_default_"));
    for (const PlanFunction& function : reading_.functions) {
        if (!function.name.starts_with("do_") || allowed.contains(function.name)) continue;
        const auto near = nearest(function.name, phases);
        if (!near) continue;  // a plan's own helper
        add(fmt::format("no phase is called {}", function.name),
            fmt::format("did you mean {}?", *near), fmt::format("{}:{}", plan_file, function.line));
    }
}

void Lint::source() {
    const std::string& source = plan_.text("pkg_source");
    const std::string& sum = plan_.text("pkg_shasum");
    if (!sum.empty() && (sum.size() != 64 || to_lower(sum).find_first_not_of("0123456789abcdef") !=
                                                 std::string::npos)) {
        add(fmt::format("pkg_shasum '{}' is not a SHA-256 (64 hex digits)", sum));
    }
    const bool own_way = reading_.defines("do_verify") || reading_.defines("do_default_verify") ||
                         reading_.defines("do_download") || !plan_.text("pkg_scaffolding").empty();
    const bool proves_itself =
        source.starts_with("deb:") || source.starts_with("deb-src:") || source.starts_with("git+");
    if (!source.empty() && sum.empty() && !own_way && !proves_itself) {
        add("pkg_source has no pkg_shasum: do_verify will fail",
            "add the SHA-256 of the file, as sha256sum prints it");
    }
}

void Lint::dependencies(const char* list) {
    std::set<std::string> seen;
    const std::string own = plan_.text("pkg_origin") + "/" + plan_.text("pkg_name");
    for (const std::string& text : plan_.list(list)) {
        const auto ident = package::Ident::try_parse(text);
        if (!ident) {
            add(fmt::format("'{}' in {} is not a package", text, list),
                "write ORIGIN/NAME, ORIGIN/NAME/VERSION or ORIGIN/NAME/VERSION/RELEASE");
            continue;
        }
        const std::string name = ident->without_version().to_string();
        if (!seen.insert(name).second) add(fmt::format("{} names {} more than once", list, name));
        if (name == own && std::string_view(list) == "pkg_deps") {
            add(fmt::format("{} depends on itself", own), "take it out of pkg_deps");
        } else if (!available_(text)) {
            add(fmt::format("'{}' in {} is neither installed nor in the artifact cache", text,
                            list),
                "install or build it first");
        }
    }
}

void Lint::twice_needed() {
    const auto& run = plan_.list("pkg_deps");
    for (const std::string& text : plan_.list("pkg_build_deps")) {
        if (std::find(run.begin(), run.end(), text) == run.end()) continue;
        add(fmt::format("'{}' is in pkg_deps and in pkg_build_deps", text),
            "pkg_deps are there while building, too: take it out of pkg_build_deps");
    }
}

void Lint::binds() {
    for (const char* variable : {"pkg_binds", "pkg_binds_optional"}) {
        for (const auto& [name, keys] : plan_.map(variable)) {
            if (trim(keys).empty()) {
                add(fmt::format("the bind '{}' in {} asks for no key", name, variable),
                    "name what the other service must export: [database]=\"port\"");
            }
        }
    }
    for (const auto& [name, keys] : plan_.map("pkg_binds_optional")) {
        if (plan_.map("pkg_binds").contains(name))
            add(fmt::format("the bind '{}' is in pkg_binds and in pkg_binds_optional", name));
    }
}

void Lint::files() {
    const fs::path& dir = reading_.file.dir;
    const PlanFiles files{SourceTree(dir, false), {}};
    if (files.files.read(plan_file).find("\r\n") != std::string::npos)
        add("the plan has CRLF line ends; bash takes the CR as part of each word",
            "save it with LF line ends");
    std::set<std::string> hooks;
    for (const SourceTree::Entry& entry : files.files.is_directory("hooks")
                                              ? files.files.list("hooks")
                                              : std::vector<SourceTree::Entry>{}) {
        const std::string name = entry.name.substr(0, entry.name.rfind('.'));
        if (!hooks.insert(name).second)
            add(fmt::format("there is more than one file for the hook '{}'", name),
                "keep one of them; extensions do not count", "hooks/" + entry.name);
    }
    as_finding([&] { check_hook_lines(files); });
    if (hooks.contains("run") && !plan_.text("pkg_svc_run").empty())
        add("pkg_svc_run is not used: there is a hooks/run", "keep one of them");
    as_finding([&] {
        for (const std::string& warning : check_package_schema(dir, plan_))
            add(warning, {}, "default.toml");
    });
}

/// The build's own checks of what goes into the package.
void Lint::metafiles() {
    const Dependencies none;
    const auto ident = package::Ident::try_parse(plan_.text("pkg_origin") + "/" +
                                                 plan_.text("pkg_name") + "/0/20000101000000");
    if (!ident) return;  // told by identity()
    PackageFacts facts{.plan = plan_,
                       .deps = none,
                       .ident = *ident,
                       .target = package::Target::active(),
                       .native = false,
                       .has_run_script = true,
                       .pkg_config_dirs = {},
                       .default_toml = {},
                       .plan_source = {}};
    as_finding([&] {
        facts.default_toml =
            read_file_if_exists(reading_.file.dir / package::metafile::default_toml).value_or("");
        static_cast<void>(metafile_contents(facts));
    });
}

}  // namespace

const std::vector<std::string>& phase_names() {
    static const std::vector<std::string> names = {"do_begin",         "do_setup_environment",
                                                   "do_before",        "do_download",
                                                   "do_verify",        "do_clean",
                                                   "do_unpack",        "do_prepare",
                                                   "do_build",         "do_check",
                                                   "do_install",       "do_build_config",
                                                   "do_build_service", "do_strip",
                                                   "do_after",         "do_end",
                                                   "do_after_success"};
    return names;
}

std::vector<PlanFinding> lint_plan(const PlanReading& reading,
                                   const std::function<bool(const std::string&)>& available) {
    return Lint(reading, available).run();
}

}  // namespace hab::build
