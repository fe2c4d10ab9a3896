// SPDX-License-Identifier: Apache-2.0
#include "tree/skeleton.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "tree/account_files.hpp"
#include "tree/inside.hpp"
#include "tree/profile.hpp"

namespace studio_tree {
namespace {

struct Directory {
    const char* path;
    mode_t mode = 0755;
};

constexpr Directory directories[] = {
    {"bin"},
    {"dev"},
    {"etc"},
    {"hab"},
    {"hab/bin"},
    {"hab/cache"},
    {"hab/pkgs"},
    {"home"},
    {"lib"},
    {"mnt"},
    {"opt"},
    {"proc"},
    {"root", 0750},
    {"run"},
    {"sbin"},
    {"src"},
    {"sys"},
    {"tmp", 01777},
    {"usr"},
    {"usr/bin"},
    {"usr/include"},
    {"usr/lib"},
    {"usr/libexec"},
    {"usr/sbin"},
    {"usr/share"},
    {"usr/share/doc"},
    {"usr/share/info"},
    {"usr/share/locale"},
    {"usr/share/man"},
    {"usr/share/misc"},
    {"usr/share/terminfo"},
    {"usr/share/zoneinfo"},
    {"var"},
    {"var/cache"},
    {"var/lib"},
    {"var/lib/misc"},
    {"var/local"},
    {"var/log"},
    {"var/mail"},
    {"var/opt"},
    {"var/run"},
    {"var/spool"},
    {"var/tmp", 01777},
};

struct Link {
    const char* path;
    const char* target;
};

constexpr Link links[] = {{"lib64", "lib"},
                          {"usr/lib64", "lib"},
                          {"var/lock", "/run/lock"},
                          {"etc/mtab", "/proc/self/mounts"}};

std::string read_host_file(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void put_etc(const Inside& tree, const std::string& type) {
    const auto once = [&](const char* path, std::string_view content) {
        if (!tree.exists(path)) tree.put_file(path, content);
    };
    once("etc/passwd", passwd);
    once("etc/group", group);
    once("etc/inputrc", inputrc);
    tree.put_file("etc/nsswitch.conf", nsswitch);
    tree.put_file("etc/hosts", read_host_file("/etc/hosts"));
    tree.put_file("etc/resolv.conf", read_host_file("/etc/resolv.conf"));
    tree.put_file("etc/profile", profile(type));
    tree.put_file("etc/profile.enter", profile_enter);
}

/// What the first lines of scripts expect: /bin/sh, /bin/bash and /usr/bin/env of the packages
/// mounted.
void put_program_links(const Inside& tree, const std::vector<hab::sdk::Mount>& mounts) {
    for (const hab::sdk::Mount& mount : mounts) {
        const std::string name = package_name(mount.target);
        const fs::path bin = fs::path(mount.target) / "bin";
        if (name == "bash") {
            tree.put_link("bin/bash", bin / "bash");
            tree.put_link("bin/sh", bin / "bash");
        } else if (name == "coreutils") {
            tree.put_link("usr/bin/env", bin / "env");
        }
    }
}

/// stage1's toolchain stands in /tools; these are the places where scripts look for programs.
void put_stage1_links(const Inside& tree) {
    const fs::path tools = "/tools/bin";
    for (const char* name : {"bash", "cat", "dd", "echo", "ln", "pwd", "rm", "stty"})
        tree.put_link(fs::path("bin") / name, tools / name);
    tree.put_link("bin/sh", tools / "bash");
    for (const char* name : {"env", "install", "perl"})
        tree.put_link(fs::path("usr/bin") / name, tools / name);
}

std::optional<std::string> marked(const fs::path& root, std::string_view key) {
    std::ifstream file(root / marker);
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with(key)) return line.substr(key.size());
    }
    return std::nullopt;
}

}  // namespace

void put_busybox_links(const fs::path& root, const std::string& package, std::string_view names,
                       bool only_shells) {
    const fs::path busybox = fs::path(package) / "bin/busybox";
    const Inside tree(root);
    tree.put_link("bin/sh", busybox);
    if (only_shells) {
        tree.put_link("bin/bash", busybox);
        return;
    }
    tree.make_directory("opt/busybox", 0755);
    while (!names.empty()) {
        const auto end = names.find('\n');
        const std::string_view name = names.substr(0, end);
        names = end == std::string_view::npos ? std::string_view() : names.substr(end + 1);
        if (!name.empty() && name.find('/') == std::string_view::npos)
            tree.put_link(fs::path("opt/busybox") / name, busybox);
    }
}

std::string package_name(const std::string& target) {
    const fs::path path = fs::path(target).lexically_relative("/hab/pkgs");
    const std::vector<std::string> parts(path.begin(), path.end());
    return parts.size() == 4 && parts[0] != ".." ? parts[1] : std::string();
}

std::optional<std::string> studio_type(const fs::path& root) {
    return marked(root, "studio_type=");
}

std::optional<std::string> studio_backend(const fs::path& root) {
    return marked(root, "studio_backend=");
}

std::vector<hab::sdk::StudioListing> list_studios(const fs::path& home,
                                                  const std::string& backend) {
    std::vector<hab::sdk::StudioListing> found;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(home, missing)) {
        const auto type = studio_type(entry.path());
        if (!type || studio_backend(entry.path()) != backend) continue;
        found.push_back({entry.path().filename().string(), entry.path().string(), *type});
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.root < b.root; });
    return found;
}

std::string checked_type(const hab::sdk::StudioSpec& spec, const std::string& backend) {
    const fs::path root(spec.root_dir);
    if (!root.is_absolute() || root.lexically_normal().relative_path().empty()) {
        hab::sdk::raise(HAB_STATUS_USAGE, "cannot make a studio at '" + spec.root_dir +
                                              "': it must be an absolute path other than '/'");
    }
    std::error_code error;
    const auto existing = studio_type(root);
    if (!existing && fs::exists(root, error) && !fs::is_empty(root, error)) {
        hab::sdk::raise(
            HAB_STATUS_USAGE,
            "cannot make or remove a studio at '" + root.string() + "': it holds something else",
            "choose another directory");
    }
    const auto maker = studio_backend(root);
    if (maker && *maker != backend && !spec.fresh) {
        hab::sdk::raise(HAB_STATUS_USAGE,
                        "the studio at '" + root.string() + "' was made by the studio plugin '" +
                            *maker + "', not '" + backend + "'",
                        "use --backend " + *maker + ", or choose another directory");
    }
    const std::string type = spec.type.empty() ? existing.value_or("default") : spec.type;
    static constexpr std::array types = {"default", "baseimage", "busybox", "stage1", "bare"};
    if (std::find(types.begin(), types.end(), type) == types.end()) {
        hab::sdk::raise(HAB_STATUS_UNSUPPORTED, "there are no studios of type '" + type + "'",
                        "the types are default, baseimage, busybox, stage1 and bare");
    }
    if (existing && *existing != type && !spec.fresh && !spec.for_removal) {
        hab::sdk::raise(HAB_STATUS_USAGE,
                        "the studio at '" + root.string() + "' is of type '" + *existing +
                            "', not '" + type + "'",
                        "remove it first, or choose another directory");
    }
    return type;
}

void prepare_tree(const fs::path& root, const std::string& type, const std::string& backend,
                  const std::vector<hab::sdk::Mount>& mounts) {
    std::error_code error;
    fs::create_directories(root, error);
    if (error) {
        hab::sdk::raise(HAB_STATUS_IO,
                        "cannot make directory '" + root.string() + "': " + error.message());
    }
    const Inside tree(root);
    // First of all, so that whatever is interrupted later can still be removed as a studio. Never
    // anew: its lock is on this file.
    if (!studio_type(root))
        tree.put_file(marker, "studio_type=" + type + "\nstudio_backend=" + backend + "\n");
    for (const Directory& directory : directories)
        tree.make_directory(directory.path, directory.mode);
    for (const Link& link : links) {
        if (!tree.exists(link.path)) tree.put_link(link.path, link.target);
    }
    put_etc(tree, type);
    if (type == "stage1") {
        put_stage1_links(tree);
    } else {
        put_program_links(tree, mounts);
    }
}

}  // namespace studio_tree
