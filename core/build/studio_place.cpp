// SPDX-License-Identifier: Apache-2.0
#include "build/studio_place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hab/plugin.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/strings.hpp"
#include "base/tree.hpp"
#include "build/studio_job.hpp"

namespace hab::build {
namespace {

constexpr const char* control_inside = "/hab/cache/build";
constexpr const char* source_cache_inside = "/hab/cache/src";
constexpr const char* source_inside = "/src";

/// What a studio has besides a plan's dependencies. All but bash may be missing.
constexpr std::string_view default_tools =
    "core/bash core/coreutils core/sed core/grep core/gawk core/findutils core/tar core/gzip "
    "core/xz";

plugin::StudioMount bind_dir(const fs::path& source, const std::string& target, bool read_only) {
    plugin::StudioMount mount;
    mount.kind = HAB_MOUNT_BIND;
    mount.flags = read_only ? HAB_MOUNT_READ_ONLY : 0;
    mount.source = source.string();
    mount.target = target;
    return mount;
}

/// Names that plugins accept: [a-z0-9-]{1,63}.
std::string plain_name(std::string_view text) {
    std::string name;
    for (const char c : to_lower(text)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        name.push_back(plain ? c : '-');
    }
    return name.substr(name.size() > 63 ? name.size() - 63 : 0);
}

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

std::string studio_directory_name(const fs::path& source_root) {
    std::string name = source_root.relative_path().string();
    if (name.empty()) return "root";
    name = replace_all(name, "/", "--");
    return replace_all(name, " ", "-");
}

sandbox::Environment studio_environment(const sandbox::Environment& caller) {
    static constexpr std::array passed = {"TERM",
                                          "HAB_ORIGIN",
                                          "HAB_NOCOLORING",
                                          "NO_COLOR",
                                          "HAB_NONINTERACTIVE",
                                          "HAB_CONFIG_EXCLUDE",
                                          "DO_CHECK",
                                          "DEBUG",
                                          "SOURCE_DATE_EPOCH",
                                          "http_proxy",
                                          "https_proxy",
                                          "no_proxy"};
    static constexpr std::array reserved = {
        "HAB_BINLINK_DIR", "HAB_ORIGIN", "HOME",     "LC_ALL",           "PATH", "PWD",
        "STUDIO_TYPE",     "TERM",       "TERMINFO", "HAB_BUILD_CONTROL"};
    static constexpr std::string_view secret = "HAB_STUDIO_SECRET_";
    sandbox::Environment env{{"HOME", "/root"}};
    for (const char* name : passed) {
        const auto found = caller.find(name);
        if (found != caller.end() && !found->second.empty()) env[name] = found->second;
    }
    for (const auto& [name, value] : caller) {
        if (!name.starts_with(secret)) continue;
        const std::string bare = name.substr(secret.size());
        if (!bare.empty() && std::find(reserved.begin(), reserved.end(), bare) == reserved.end()) {
            env[bare] = value;
        }
    }
    return env;
}

StudioPlace::StudioPlace(const Paths& paths, const BuildOptions& options, const fs::path& runtime,
                         const fs::path& plan_context, const Resolver& resolver, Terminal& terminal)
    : options_(options),
      resolver_(resolver),
      root_(options.studio_root.value_or(paths.studios() /
                                         studio_directory_name(options.source_root))),
      work_(paths.cache() / "build" / studio_directory_name(root_)),
      name_(plain_name(studio_directory_name(options.source_root))),
      session_({.paths = paths,
                .plugin_files = {options.plugin_files.begin(), options.plugin_files.end()},
                .reporter = std::make_shared<host::TerminalReporter>(terminal),
                .cancelled = [this] { return cancelled_.load(); }}),
      studio_(session_.registry().studio(options.backend)) {
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
    const char* configured = std::getenv("HAB_STUDIO_TOOLS");
    const bool is_default = configured == nullptr || *configured == '\0';
    std::vector<std::string> path;
    for (const std::string_view ident : split(is_default ? default_tools : configured, ' ')) {
        if (ident.empty()) continue;
        const auto tool = is_default ? resolver.find(std::string(ident))
                                     : std::optional(resolver.resolve(std::string(ident)));
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

plugin::StudioSpec StudioPlace::make_spec() const {
    plugin::StudioSpec spec;
    spec.root_dir = root_;
    spec.name = name_;
    spec.network = true;
    spec.fresh = !options_.reuse_studio && !opened_before_;
    // Order matters: packages lie in what the first line mounts.
    spec.mounts.push_back(bind_dir(layout_.pkgs_host, "/hab/pkgs", false));
    for (const package::InstalledPackage& package : visible_)
        spec.mounts.push_back(bind_dir(package.dir(), package.prefix(), true));
    spec.mounts.push_back(bind_dir(layout_.source_cache_host, source_cache_inside, false));
    spec.mounts.push_back(bind_dir(layout_.control_host, control_inside, false));
    spec.mounts.push_back(bind_dir(options_.source_root, source_inside, false));
    return spec;
}

void StudioPlace::open(const Packages& packages) {
    visible_ = tools_;
    for (const package::InstalledPackage& package : packages) {
        append_new(visible_, package);
        for (const package::Ident& dependency : package.tdeps())
            append_new(visible_, resolver_.load(dependency));
    }
    open_.reset();
    open_.emplace(studio_.open(make_spec()));
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
