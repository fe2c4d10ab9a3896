// SPDX-License-Identifier: Apache-2.0
#include "build/service_files.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "base/strings.hpp"
#include "build/build_error.hpp"

namespace hab::build {
namespace {

constexpr mode_t umask_of_builds = 022;
constexpr std::string_view editors_leavings = "*.sw?,*~,*.bak";

bool is_excluded(const std::string& name, const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
    });
}

void copy_file(const PlanFiles& plan, const fs::path& from, const TreeDir& to,
               const std::string& name) {
    to.write(name, plan.files.read(from), plan.files.mode(from) & ~umask_of_builds);
}

void copy_tree(const PlanFiles& plan, const fs::path& from, const TreeDir& to,
               const std::vector<std::string>& exclude) {
    for (const SourceTree::Entry& entry : plan.files.list(from)) {
        if (is_excluded(entry.name, exclude)) continue;
        if (S_ISDIR(entry.mode)) {
            copy_tree(plan, from / entry.name, to.enter(entry.name), exclude);
        } else if (S_ISLNK(entry.mode)) {
            to.link(entry.name, entry.target);
        } else if (S_ISREG(entry.mode)) {
            copy_file(plan, from / entry.name, to, entry.name);
        } else {
            throw BuildError(
                1, Error(ErrorCode::invalid_input,
                         fmt::format("'{}' is neither a file nor a directory",
                                     (from / entry.name).string()),
                         "a package cannot hold it; take it out of the plan's config directory"));
        }
    }
}

/// Names of the files in hooks/; links to files count.
std::vector<std::string> hook_files(const PlanFiles& plan) {
    std::vector<std::string> names;
    if (!plan.files.is_directory(plan.dir / "hooks")) return names;
    for (const SourceTree::Entry& entry : plan.files.list(plan.dir / "hooks")) {
        if (entry.name.starts_with('.') || entry.name.ends_with('~')) continue;
        if (plan.files.is_file(plan.dir / "hooks" / entry.name)) names.push_back(entry.name);
    }
    return names;
}

void copy_hooks(const PlanFiles& plan, const TreeDir& prefix) {
    const std::vector<std::string> files = hook_files(plan);
    const TreeDir hooks = prefix.enter("hooks");
    std::set<std::string> seen;
    for (const std::string& file : files) {
        const std::string name = file.substr(0, file.rfind('.'));
        if (!seen.insert(name).second) {
            throw BuildError(
                1, Error(ErrorCode::invalid_input,
                         fmt::format("there is more than one file for the hook '{}' in '{}'", name,
                                     (plan.dir / "hooks").string()),
                         "keep one of them; extensions do not count"));
        }
        copy_file(plan, plan.dir / "hooks" / file, hooks, name);
    }
}

}  // namespace

void install_config(const PlanFiles& plan, const TreeDir& prefix, const std::string& exclude) {
    std::vector<std::string> patterns;
    for (const std::string_view pattern : split(exclude.empty() ? editors_leavings : exclude, ','))
        patterns.emplace_back(pattern);
    for (const char* name : {"config", "config_install"}) {
        if (!plan.files.is_directory(plan.dir / name)) continue;
        const TreeDir to = prefix.enter(name);
        to.set_mode(0755);
        copy_tree(plan, plan.dir / name, to, patterns);
    }
    if (plan.files.is_directory(plan.dir / "hooks")) copy_hooks(plan, prefix);
    for (const char* name : {"default.toml", "config.schema.toml"}) {
        if (plan.files.is_file(plan.dir / name)) copy_file(plan, plan.dir / name, prefix, name);
    }
}

void check_hook_lines(const PlanFiles& plan) {
    for (const std::string& name : hook_files(plan)) {
        const fs::path file = plan.dir / "hooks" / name;
        if (plan.files.read(file).find('\r') == std::string::npos) continue;
        throw BuildError(1, Error(ErrorCode::invalid_input,
                                  fmt::format("the hook '{}' has CRLF line ends; a shell cannot "
                                              "run it",
                                              file.string()),
                                  "save it with LF line ends"));
    }
}

void install_run_script(const PlanValues& plan, const TreeDir& prefix) {
    const std::string& command = plan.text("pkg_svc_run");
    if (command.empty() || prefix.has_file_in("hooks", "run")) return;
    const std::string& user = plan.text("pkg_svc_user");
    const std::string& group = plan.text("pkg_svc_group");
    prefix.write("run",
                 fmt::format(R"sh(#!/bin/sh
export HOME="{0}"
cd "{1}"

if [ "$(id -u)" = 0 ] && command -v chpst >/dev/null 2>&1; then
  exec chpst \
    -U {2}:{3} \
    -u {2}:{3} \
    {4} 2>&1
else
  exec {4} 2>&1
fi
)sh",
                             plan.text("pkg_svc_data_path"), plan.text("pkg_svc_path"), user, group,
                             command),
                 0755);
}

}  // namespace hab::build
