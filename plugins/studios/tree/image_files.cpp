// SPDX-License-Identifier: Apache-2.0
#include "tree/image_files.hpp"

#include <array>
#include <system_error>

#include "tree/inside.hpp"
#include "tree/profile.hpp"
#include "tree/skeleton.hpp"

namespace studio_tree {
namespace {

constexpr std::string_view image_servers = "nameserver 8.8.8.8\nnameserver 8.8.4.4\n";

[[noreturn]] void fail(const std::string& tried, const fs::path& path,
                       const std::error_code& error) {
    hab::sdk::raise(HAB_STATUS_IO,
                    "cannot " + tried + " '" + path.string() + "': " + error.message());
}

/// A package appears complete or not at all: it is copied beside its place and renamed.
void copy_package(const Inside& tree, const fs::path& source, const fs::path& inside) {
    tree.make_directories(inside.parent_path());
    const OpenDir parent = tree.open(inside.parent_path());
    const fs::path target = parent.place() / inside.filename();
    const fs::path fresh = target.string() + ".new";
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(target, error)) && fs::exists(target / "IDENT")) return;
    fs::remove_all(fresh, error);
    fs::copy(source, fresh, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
    if (error) fail("copy package", source, error);
    fs::remove_all(target, error);  // an empty mount point of an earlier type
    fs::rename(fresh, target, error);
    if (error) fail("put in place package", parent.path() / inside.filename(), error);
}

}  // namespace

bool is_image(const std::string& type) {
    return type == "baseimage" || type == "bare";
}

bool shows_package(const hab::sdk::Mount& mount) {
    return mount.kind == HAB_MOUNT_BIND && !package_name(mount.target).empty();
}

void fill_image(const fs::path& root, const std::string& type,
                const std::vector<hab::sdk::Mount>& mounts) {
    const Inside tree(root);
    std::string idents;
    for (const hab::sdk::Mount& mount : mounts) {
        if (!shows_package(mount)) continue;
        copy_package(tree, mount.source, fs::path(mount.target).relative_path());
        idents += mount.target.substr(std::string_view("/hab/pkgs/").size()) + "\n";
    }
    tree.put_file(".hab_pkg", idents);
    tree.put_file("init.sh", init_script, 0755);
    if (type == "baseimage") {
        tree.put_file("etc/resolv.conf", image_servers);
        return;
    }
    static constexpr std::array gone = {"home",
                                        "lib",
                                        "lib64",
                                        "mnt",
                                        "opt",
                                        "root",
                                        "run",
                                        "sbin",
                                        "src",
                                        "usr",
                                        "etc/profile",
                                        "etc/profile.enter",
                                        "etc/resolv.conf",
                                        "etc/nsswitch.conf"};
    for (const char* name : gone) {
        // Only what the skeleton made: a directory that somebody filled stays.
        if (tree.is_directory(name)) {
            tree.remove_empty_tree(name);
        } else {
            tree.remove_file(name);
        }
    }
}

}  // namespace studio_tree
