// SPDX-License-Identifier: Apache-2.0
#include "build/studio_place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hab/plugin.h>
#include <sys/file.h>

#include <algorithm>

#include "base/strings.hpp"
#include "base/tree.hpp"
#include "build/studio_job.hpp"
#include "build/studio_setup.hpp"

namespace hab::build {
namespace {

constexpr const char* control_inside = "/hab/cache/build";
constexpr const char* source_cache_inside = "/hab/cache/src";
constexpr const char* source_inside = "/src";

fs::path inside(const fs::path& path, const fs::path& source_root) {
    const fs::path relative = path.lexically_relative(source_root);
    if (relative.empty() || *relative.begin() == "..") {
        throw Error(ErrorCode::usage,
                    fmt::format("the plan directory '{}' is not below the source directory '{}'",
                                path.string(), source_root.string()),
                    "a studio sees only the source directory; choose it with --src");
    }
    return (fs::path(source_inside) / relative).lexically_normal();
}

fs::path without_slash(const fs::path& path) {
    return path.has_filename() ? path : path.parent_path();
}

void append_new(Packages& list, const package::InstalledPackage& package) {
    if (std::none_of(list.begin(), list.end(), [&](const package::InstalledPackage& other) {
            return other.ident() == package.ident();
        })) {
        list.push_back(package);
    }
}

}  // namespace

StudioPlace::StudioPlace(const Paths& paths, const BuildOptions& options, const fs::path& runtime,
                         const fs::path& plan_context, const Resolver& resolver, Terminal& terminal)
    : options_(options),
      resolver_(resolver),
      root_(options.studio_root.value_or(paths.studios() /
                                         studio_directory_name(options.source_root))),
      work_(paths.cache() / "build" / studio_directory_name(root_)),
      name_(studio_plugin_name(studio_directory_name(options.source_root))),
      session_({.paths = paths,
                .plugin_files = {options.plugin_files.begin(), options.plugin_files.end()},
                .reporter = std::make_shared<host::TerminalReporter>(terminal),
                .cancelled = [this] { return cancelled_.load(); }}),
      choice_(choose_studio(session_.registry(), options.backend)) {
    if (options.verbose) say_choice(terminal);
    layout_.plan_context = without_slash(inside(plan_context, options.source_root));
    layout_.source = without_slash(inside(options.context, options.source_root));
    layout_.output = fs::path(source_inside) / "results";
    layout_.control = control_inside;
    layout_.control_host = work_ / "control";
    layout_.source_cache = source_cache_inside;
    layout_.source_cache_host = work_ / "src";
    layout_.pkgs_host = work_ / "pkgs";
    find_tools(resolver);
    lock();
    prepare_work(runtime);
}

StudioPlace::~StudioPlace() = default;

void StudioPlace::say_choice(Terminal& terminal) const {
    for (const std::string& reason : choice_.skipped)
        terminal.status("Passing over", "studio " + reason);
    terminal.status("Using", "studio " + choice_.studio.meta().id);
    for (const std::string& limit : choice_.limits)
        terminal.status("Note:", limit);
}

void StudioPlace::lock() {
    make_directories(work_.parent_path());
    const fs::path path = work_.string() + ".lock";
    lock_ = open_file(path, O_RDWR | O_CREAT, 0644);
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        throw Error(ErrorCode::conflict,
                    fmt::format("another build uses the studio '{}'", root_.string()),
                    "wait for it, or choose another studio with --root");
    }
}

void StudioPlace::prepare_work(const fs::path& runtime) {
    if (!options_.reuse_studio) remove_tree(work_);
    remove_tree(layout_.control_host);
    for (const fs::path& dir :
         {layout_.control_host, layout_.source_cache_host, layout_.pkgs_host}) {
        make_directories(dir);
    }
    fs::copy(runtime, layout_.control_host / "runtime", fs::copy_options::recursive);
}

void StudioPlace::find_tools(const Resolver& resolver) {
    const StudioToolNames names = studio_tool_names();
    std::vector<std::string> path;
    for (const std::string& ident : names.idents) {
        const auto tool =
            names.required ? std::optional(resolver.resolve(ident)) : resolver.find(ident);
        if (!tool) continue;
        append_new(tools_, *tool);
        for (const package::Ident& dependency : tool->tdeps())
            append_new(tools_, resolver.load(dependency));
        for (const std::string& dir : tool->bin_dirs())
            path.push_back(dir);
        if (tool->ident().name == "bash") bash_ = tool->prefix() + "/bin/bash";
    }
    path_ = join(path, ":");
    if (bash_.empty()) {
        throw Error(ErrorCode::not_found,
                    "cannot build in a studio: there is no bash package to evaluate the plan with",
                    "install or build core/bash first (plans/build-all bash), name other tools in "
                    "HAB_STUDIO_TOOLS, or build natively with --native");
    }
}

bool StudioPlace::shows(const package::Ident& ident) const {
    return std::any_of(visible_.begin(), visible_.end(),
                       [&](const auto& package) { return package.ident() == ident; });
}

plugin::StudioSpec StudioPlace::make_spec(const std::string& own) const {
    plugin::StudioSpec spec;
    spec.root_dir = root_;
    spec.name = name_;
    spec.network = true;
    spec.fresh = !options_.reuse_studio && !opened_before_;
    spec.type = "default";
    // Order matters: packages lie in what the first lines mount. Of /hab/pkgs only the releases of
    // the plan's own package can be written.
    plugin::StudioMount packages;
    packages.kind = HAB_MOUNT_TMPFS;
    packages.target = "/hab/pkgs";
    packages.options = "mode=755";
    spec.mounts.push_back(packages);
    if (!own.empty()) {
        make_directories(layout_.pkgs_host / own);
        spec.mounts.push_back(bind_directory(layout_.pkgs_host / own, "/hab/pkgs/" + own, false));
    }
    for (const package::InstalledPackage& package : visible_)
        spec.mounts.push_back(bind_directory(package.dir(), package.prefix(), true));
    spec.mounts.push_back(bind_directory(layout_.source_cache_host, source_cache_inside, false));
    spec.mounts.push_back(bind_directory(layout_.control_host, control_inside, false));
    spec.mounts.push_back(bind_directory(options_.source_root, source_inside, false));
    return spec;
}

void StudioPlace::open(const Packages& packages, const std::string& own) {
    visible_ = tools_;
    for (const package::InstalledPackage& package : packages) {
        append_new(visible_, package);
        for (const package::Ident& dependency : package.tdeps())
            append_new(visible_, resolver_.load(dependency));
    }
    open_.reset();
    cancelled_ = false;  // the job before this one was ended with it
    open_.emplace(choice_.studio.open(make_spec(own)));
    opened_before_ = true;
}

std::unique_ptr<Job> StudioPlace::start(const sandbox::Environment& env, int output_fd) {
    sandbox::Environment all = studio_environment(sandbox::current_environment());
    all["PATH"] = path_;
    for (const auto& [name, value] : env)
        all[name] = value;
    plugin::StudioExec exec;
    exec.argv = {bash_, std::string(control_inside) + "/runtime/main.sh"};
    exec.env.assign(all.begin(), all.end());
    exec.cwd = layout_.plan_context.string();
    exec.stdout_fd = output_fd;
    exec.stderr_fd = output_fd;
    return std::make_unique<StudioJob>(*open_, std::move(exec), cancelled_);
}

void StudioPlace::clean_up() {
    open_.reset();
    if (!options_.reuse_studio) remove_tree(work_);
}

}  // namespace hab::build
