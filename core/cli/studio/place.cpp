// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/place.hpp"

#include <fmt/format.h>
#include <hab/plugin.h>

#include <algorithm>
#include <cstdlib>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "build/studio_setup.hpp"
#include "crypto/key_cache.hpp"

namespace hab::cli {
namespace {

fs::path absolute_without_slash(const std::string& text) {
    fs::path path = fs::absolute(text).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

/// Secrets of the caller and what is named as one are not printed.
bool is_secret(const std::string& name) {
    const std::string outside = "HAB_STUDIO_SECRET_" + name;
    return std::getenv(outside.c_str()) != nullptr || name.find("TOKEN") != std::string::npos;
}

/// The backend that was asked for, else the one that made the studio that is there, else none.
std::string wanted_backend(const Invocation& invocation, plugin::Registry& registry,
                           const fs::path& root) {
    if (const auto asked = invocation.args.get("backend")) return *asked;
    if (!fs::exists(root)) return {};
    for (const plugin::Candidate* candidate : registry.catalogue().usable(plugin::Kind::studio)) {
        if (!studio_type_at(registry.studio(candidate->id), root).empty()) return candidate->id;
    }
    return {};
}

/// Keys are used outside: here they only have to exist before work begins.
void check_keys(const Invocation& invocation) {
    const crypto::KeyCache keys = crypto::KeyCache::from(invocation.paths);
    const std::string list = invocation.args.get("keys").value_or(std::string());
    for (const std::string_view origin : split(list, ',')) {
        if (origin.empty() || keys.has_secret_key(std::string(origin))) continue;
        throw Error(ErrorCode::crypto,
                    fmt::format("there is no secret key of the origin '{}' in '{}'", origin,
                                keys.dir().string()),
                    fmt::format("make one with: hab origin key generate {}", origin));
    }
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

std::string studio_type_at(const plugin::Studio& backend, const fs::path& root) {
    const Value list = parse_json(backend.list(root.parent_path()), "the list of studios");
    if (list.as_array() == nullptr) return {};
    for (const Value& item : *list.as_array()) {
        const Value* found = item.at_path("root");
        const Value* type = item.at_path("type");
        if (found != nullptr && type != nullptr && found->as_string() != nullptr &&
            *found->as_string() == root.string() && type->as_string() != nullptr) {
            return *type->as_string();
        }
    }
    return {};
}

StudioPlace::StudioPlace(const Invocation& invocation)
    : invocation_(invocation),
      paths_(studio_paths(invocation)),
      session_({.paths = invocation.paths,
                .plugin_files = {invocation.plugin_files.begin(), invocation.plugin_files.end()},
                .reporter = std::make_shared<host::TerminalReporter>(invocation.terminal),
                .cancelled = [this] { return interrupt_.requested(); }}),
      choice_(build::choose_studio(session_.registry(),
                                   wanted_backend(invocation, session_.registry(), paths_.root))) {
    if (invocation.args.flag("quiet") && invocation.args.flag("verbose"))
        throw Error(ErrorCode::usage, "--quiet and --verbose exclude each other");
    if (invocation.args.flag("verbose")) say_choice();
}

void StudioPlace::say_choice() const {
    for (const std::string& reason : choice_.skipped)
        invocation_.terminal.status("Passing over", "studio " + reason);
    invocation_.terminal.status("Using", "studio " + choice_.studio.meta().id);
    for (const std::string& limit : choice_.limits)
        invocation_.terminal.status("Note:", limit);
}

plugin::StudioSpec StudioPlace::make_spec() const {
    plugin::StudioSpec spec;
    spec.root_dir = paths_.root;
    spec.name = build::studio_plugin_name(paths_.root.filename().string());
    return spec;
}

std::string StudioPlace::type() const {
    if (const auto asked = invocation_.args.get("type")) return *asked;
    const std::string there = studio_type_at(choice_.studio, paths_.root);
    return there.empty() ? "default" : there;
}

void StudioPlace::remove() const {
    plugin::StudioSpec spec = make_spec();
    spec.for_removal = true;
    choice_.studio.open(spec).remove();
}

plugin::OpenStudio StudioPlace::open(const StudioTools& tools) const {
    check_keys(invocation_);
    plugin::StudioSpec spec = make_spec();
    spec.type = tools.type;
    spec.network = !invocation_.args.flag("offline");
    if (!tools.packages.empty()) {
        // Fresh, so that no empty mount points of other packages are seen inside.
        plugin::StudioMount packages;
        packages.kind = HAB_MOUNT_TMPFS;
        packages.target = "/hab/pkgs";
        packages.options = "mode=755";
        spec.mounts.push_back(packages);
    }
    for (const package::InstalledPackage& package : tools.packages)
        spec.mounts.push_back(build::bind_directory(package.dir(), package.prefix(), true));
    if (tools.toolchain)
        spec.mounts.push_back(build::bind_directory(*tools.toolchain, "/tools", true));
    if (!invocation_.args.flag("no-artifacts") &&
        fs::is_directory(invocation_.paths.artifact_cache())) {
        spec.mounts.push_back(build::bind_directory(invocation_.paths.artifact_cache(),
                                                    "/hab/cache/artifacts", true));
    }
    if (start_directory() == "/src") {
        if (!fs::is_directory(paths_.source)) {
            throw Error(ErrorCode::not_found,
                        "there is no source directory '" + paths_.source.string() + "'",
                        "name another with --src, or use --no-src");
        }
        spec.mounts.push_back(build::bind_directory(paths_.source, "/src", false));
    }
    return choice_.studio.open(spec);
}

plugin::Environment StudioPlace::environment(const StudioTools& tools) const {
    sandbox::Environment all = build::studio_environment(sandbox::current_environment());
    all["PATH"] = tools.path;
    const plugin::Environment list = {all.begin(), all.end()};
    if (invocation_.args.flag("verbose")) say_environment(list);
    return list;
}

void StudioPlace::say_environment(const plugin::Environment& environment) const {
    for (const auto& [name, value] : environment) {
        invocation_.terminal.status(
            "Exported:", fmt::format("{}={}", name, is_secret(name) ? "[redacted]" : value));
    }
}

std::string StudioPlace::start_directory() const {
    return invocation_.args.flag("no-src") || type() == "bare" ? "/" : "/src";
}

}  // namespace hab::cli
