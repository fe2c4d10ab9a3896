// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/tools.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "base/strings.hpp"
#include "base/tree.hpp"
#include "build/sources.hpp"
#include "build/studio_setup.hpp"
#include "host/closure.hpp"
#include "sandbox/run.hpp"

namespace hab::cli {
namespace {

constexpr const char* busybox = "core/busybox-static";

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

void add_words(std::vector<package::Ident>& wanted, const std::string& words, char separator) {
    for (const std::string_view word : split(words, separator)) {
        if (!word.empty()) wanted.push_back(package::Ident::parse(word));
    }
}

/// Loads what is wanted, with what it needs; PATH is `first` and their programs.
StudioTools load(const Invocation& invocation, const std::vector<package::Ident>& wanted,
                 std::string first) {
    const package::InstalledPackages store(invocation.paths);
    StudioTools tools;
    std::vector<std::string> path;
    if (!first.empty()) path.push_back(std::move(first));
    for (const package::Ident& ident : wanted) {
        const package::InstalledPackage package = store.load(ident);
        for (const std::string& dir : package.bin_dirs())
            path.push_back(dir);
        if (package.ident().name == "bash") tools.shell = package.prefix() + "/bin/bash";
    }
    tools.packages = host::closure(store, wanted);
    tools.path = join(path, ":");
    return tools;
}

StudioTools default_tools(const Invocation& invocation) {
    const package::InstalledPackages store(invocation.paths);
    const build::StudioToolNames names = build::studio_tool_names();
    std::vector<package::Ident> wanted;
    for (const std::string& word : names.idents) {
        const package::Ident ident = package::Ident::parse(word);
        if (names.required || store.find(ident)) wanted.push_back(ident);
    }
    add_words(wanted, variable("HAB_STUDIO_INSTALL_PKGS"), ':');
    for (const std::string& word : invocation.args.all("pkg"))
        wanted.push_back(package::Ident::parse(word));
    StudioTools tools = load(invocation, wanted, "/hab/bin");
    if (tools.shell.empty()) {
        throw Error(ErrorCode::not_found,
                    "cannot use a studio: there is no bash package to run in it",
                    "install or build core/bash first, or name other tools in HAB_STUDIO_TOOLS");
    }
    return tools;
}

StudioTools busybox_tools(const Invocation& invocation) {
    std::vector<package::Ident> wanted = {package::Ident::parse(busybox)};
    for (const std::string& word : invocation.args.all("pkg"))
        wanted.push_back(package::Ident::parse(word));
    StudioTools tools = load(invocation, wanted, {});
    tools.path = "/opt/busybox";
    tools.shell = "/opt/busybox/sh";
    return tools;
}

StudioTools image_tools(const Invocation& invocation) {
    std::vector<package::Ident> wanted;
    add_words(wanted, variable("PKGS"), ' ');
    wanted.push_back(package::Ident::parse(busybox));
    StudioTools tools = load(invocation, wanted, {});
    tools.path += ":/hab/bin";
    tools.shell = "/bin/sh";
    return tools;
}

/// Unpacks the archive once; other studios use the same files.
std::filesystem::path unpacked(const std::filesystem::path& archive,
                               const std::filesystem::path& target) {
    if (std::filesystem::exists(target / "tools/bin/bash")) return target / "tools";
    const std::filesystem::path fresh = target.string() + fmt::format(".{}", ::getpid());
    remove_tree(fresh);
    make_directories(fresh);
    sandbox::Spec tar;
    tar.argv = {"tar", "-xf", archive.string(), "-C", fresh.string()};
    tar.env = sandbox::current_environment();
    const sandbox::Captured done = sandbox::run_captured(std::move(tar));
    if (!done.result.status.ok() || !std::filesystem::exists(fresh / "tools/bin/bash")) {
        remove_tree(fresh);
        throw Error(ErrorCode::invalid_input,
                    fmt::format("'{}' is not an archive of a toolchain: {}", archive.string(),
                                done.result.status.ok() ? "it has no tools/bin/bash"
                                                        : std::string(trim(done.err))),
                    "STAGE1_TOOLS_URL must name a tar archive of a directory tools/");
    }
    remove_tree(target);
    std::filesystem::rename(fresh, target);
    return target / "tools";
}

StudioTools stage1_tools(const Invocation& invocation) {
    const std::string url = variable("STAGE1_TOOLS_URL");
    if (url.empty()) {
        throw Error(ErrorCode::usage, "a studio of type 'stage1' needs the address of a toolchain",
                    "set STAGE1_TOOLS_URL to an archive of a directory tools/");
    }
    const std::string name = std::filesystem::path(url).filename().string();
    // Not /tmp, as upstream: nothing vouches for a file that somebody else put there.
    const std::filesystem::path dir = variable("TAR_DIR").empty()
                                          ? invocation.paths.cache() / "stage1-archives"
                                          : std::filesystem::path(variable("TAR_DIR"));
    build::Sources sources(dir, invocation.paths.cache(), invocation.terminal);
    sources.fetch(url, name, {}, {});
    StudioTools tools;
    tools.path = "/bin:/tools/bin";
    tools.shell = "/tools/bin/bash";
    tools.toolchain = unpacked(sources.cache() / name, invocation.paths.cache() / "stage1" / name);
    return tools;
}

StudioTools tools_of(const Invocation& invocation, const std::string& type) {
    if (type == "busybox") return busybox_tools(invocation);
    if (type == "baseimage" || type == "bare") return image_tools(invocation);
    if (type == "stage1") return stage1_tools(invocation);
    return default_tools(invocation);
}

}  // namespace

StudioTools studio_tools(const Invocation& invocation, const std::string& type) {
    StudioTools tools = tools_of(invocation, type);
    tools.type = type;
    return tools;
}

}  // namespace hab::cli
