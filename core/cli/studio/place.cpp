// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/place.hpp"

#include <hab/plugin.h>

#include <cstdlib>

#include "base/strings.hpp"
#include "build/studio_setup.hpp"
#include "cli/plugin/examine.hpp"
#include "host/closure.hpp"

namespace hab::cli {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

fs::path absolute_without_slash(const std::string& text) {
    fs::path path = fs::absolute(text).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace

StudioPaths studio_paths(const Invocation& invocation) {
    StudioPaths paths;
    paths.source = absolute_without_slash(invocation.args.get("src").value_or("."));
    const auto root = invocation.args.get("root");
    paths.root = root ? absolute_without_slash(*root)
                      : invocation.paths.studios() / build::studio_directory_name(paths.source);
    return paths;
}

StudioTools studio_tools(const Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const build::StudioToolNames names = build::studio_tool_names();
    std::vector<package::Ident> wanted;
    for (const std::string& word : names.idents) {
        const package::Ident ident = package::Ident::parse(word);
        if (names.required || store.find(ident)) wanted.push_back(ident);
    }
    const std::string more = variable("HAB_STUDIO_INSTALL_PKGS");
    for (const std::string_view word : split(more, ':')) {
        if (!word.empty()) wanted.push_back(package::Ident::parse(word));
    }
    for (const std::string& word : invocation.args.all("pkg")) {
        wanted.push_back(package::Ident::parse(word));
    }
    StudioTools tools;
    std::vector<std::string> path = {"/hab/bin"};
    for (const package::Ident& ident : wanted) {
        const package::InstalledPackage package = store.load(ident);
        for (const std::string& dir : package.bin_dirs())
            path.push_back(dir);
        if (package.ident().name == "bash") tools.bash = package.prefix() + "/bin/bash";
    }
    if (tools.bash.empty()) {
        throw Error(ErrorCode::not_found,
                    "cannot use a studio: there is no bash package to run in it",
                    "install or build core/bash first, or name other tools in HAB_STUDIO_TOOLS");
    }
    tools.packages = host::closure(store, wanted);
    tools.path = join(path, ":");
    return tools;
}

StudioPlace::StudioPlace(const Invocation& invocation)
    : invocation_(invocation),
      paths_(studio_paths(invocation)),
      session_({.paths = invocation.paths,
                .plugin_files = {invocation.plugin_files.begin(), invocation.plugin_files.end()},
                .reporter = std::make_shared<host::TerminalReporter>(invocation.terminal),
                .cancelled = [this] { return interrupt_.requested(); }}),
      studio_(session_.registry().studio(invocation.args.require("backend"))) {}

plugin::StudioProbe StudioPlace::probe() {
    return probe_studio(
        session_.registry().catalogue().require(plugin::Kind::studio, studio_.meta().id));
}

plugin::StudioSpec StudioPlace::make_spec() const {
    plugin::StudioSpec spec;
    spec.root_dir = paths_.root;
    spec.name = build::studio_plugin_name(paths_.root.filename().string());
    return spec;
}

plugin::OpenStudio StudioPlace::open_bare() const {
    return studio_.open(make_spec());
}

plugin::OpenStudio StudioPlace::open(const StudioTools& tools) const {
    plugin::StudioSpec spec = make_spec();
    spec.network = !invocation_.args.flag("offline");
    // Fresh, so that no empty mount points of other packages are seen inside.
    plugin::StudioMount packages;
    packages.kind = HAB_MOUNT_TMPFS;
    packages.target = "/hab/pkgs";
    packages.options = "mode=755";
    spec.mounts.push_back(packages);
    for (const package::InstalledPackage& package : tools.packages) {
        spec.mounts.push_back(build::bind_directory(package.dir(), package.prefix(), true));
    }
    if (!invocation_.args.flag("no-src")) {
        if (!fs::is_directory(paths_.source)) {
            throw Error(ErrorCode::not_found,
                        "there is no source directory '" + paths_.source.string() + "'",
                        "name another with --src, or use --no-src");
        }
        spec.mounts.push_back(build::bind_directory(paths_.source, "/src", false));
    }
    return studio_.open(spec);
}

plugin::Environment StudioPlace::environment(const StudioTools& tools) const {
    sandbox::Environment all = build::studio_environment(sandbox::current_environment());
    all["PATH"] = tools.path;
    return {all.begin(), all.end()};
}

std::string StudioPlace::start_directory() const {
    return invocation_.args.flag("no-src") ? "/" : "/src";
}

}  // namespace hab::cli
