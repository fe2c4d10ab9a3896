// SPDX-License-Identifier: Apache-2.0
// What an image holds beside packages: accounts, start script, links, directories; and what is told
// of it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "host/image.hpp"

namespace hab::host {
namespace {

constexpr std::string_view init_template = R"(#!/bin/sh
# Starts the supervisor with the service of this image. Written by `hab pkg export`.
export PATH={path}
case "$1" in
    -h|--help|help|-V|--version) exec /hab/bin/hab sup "$@" ;;
    -*) exec /hab/bin/hab sup run {ident} "$@" ;;
    *) exec /hab/bin/hab sup "$@" ;;
esac
)";

Array strings(const std::vector<std::string>& items) {
    Array array;
    for (const std::string& item : items)
        array.emplace_back(item);
    return array;
}

std::vector<std::string> programs_in(const fs::path& dir) {
    std::vector<std::string> names;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(dir, missing)) {
        std::error_code dangling;
        if (entry.is_regular_file(dangling) && ::access(entry.path().c_str(), X_OK) == 0) {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::string Image::init_script() const {
    const package::Ident wanted = primary_->ident().without_version();
    return fmt::format(init_template, fmt::arg("path", "/hab/bin:/bin"),
                       fmt::arg("ident", wanted.to_string()));
}

void Image::add_binlinks() {
    for (const package::InstalledPackage& package : named_) {
        for (const std::string& dir : package.bin_dirs()) {
            for (const std::string& name :
                 programs_in(store_.paths().root() / fs::path(dir).relative_path())) {
                add_link("bin/" + name, dir + "/" + name);
            }
        }
    }
}

/// /init.sh needs a shell: the one of the image, whichever package brings it.
void Image::add_shell() {
    if (paths_.contains("bin/sh")) return;
    for (const char* name : {"sh", "bash"}) {
        for (const package::InstalledPackage& package : packages_) {
            for (const std::string& dir : package.bin_dirs()) {
                if (!paths_.contains((fs::path(dir) / name).relative_path().string())) continue;
                add_link("bin/sh", (fs::path(dir) / name).string());
                return;
            }
        }
    }
}

void Image::add_files() {
    if (options_.dirs) {
        for (const char* dir : {"dev", "proc", "run", "sys", "var"})
            add_dir(dir, 0755);
        add_dir("root", 0750);
        add_dir("tmp", 01777);
        add_dir("var/tmp", 01777);
    }
    if (options_.accounts) {
        add_text("etc/passwd", 0644, accounts_.passwd);
        add_text("etc/group", 0644, accounts_.group);
        add_text("etc/nsswitch.conf", 0644, accounts_.nsswitch);
        add_text("etc/hosts", 0644, "127.0.0.1 localhost\n::1 localhost\n");
    }
    if (options_.binlinks) add_binlinks();
    if (options_.hab) {
        const package::InstalledPackage hab = store_.load({"core", "hab", {}, {}});
        add_link("hab/bin/hab", hab.prefix() + "/bin/hab");
    }
    if (options_.init) {
        add_shell();
        add_text("init.sh", 0755, init_script());
    }
    close_layer();
}

Value Image::describe() const {
    Object object;
    const std::string ident = primary_->ident().to_string();
    object.set("primary", ident);
    std::vector<std::string> idents;
    for (const package::InstalledPackage& package : packages_)
        idents.push_back(package.ident().to_string());
    object.set("idents", strings(idents));
    object.set("user", user_);
    object.set("group", group_);
    object.set("uid", static_cast<std::int64_t>(accounts_.uid));
    object.set("gid", static_cast<std::int64_t>(accounts_.gid));
    Object env;
    for (const auto& [name, value] : package::runtime_environment(*primary_, store_))
        env.set(name, value);
    object.set("env", std::move(env));
    object.set("entrypoint", options_.init ? strings({"/init.sh"}) : Array());
    object.set("cmd", strings({"run", primary_->ident().without_version().to_string()}));
    Array ports;
    const std::string exposes = primary_->meta().read_or_empty(package::metafile::exposes);
    for (const std::uint16_t port : package::parse_ports(exposes, ident + " EXPOSES")) {
        ports.emplace_back(static_cast<std::int64_t>(port));
    }
    object.set("exposes", std::move(ports));
    const std::string svc = "/hab/svc/" + primary_->ident().name;
    object.set("volumes", strings({svc + "/config", svc + "/data"}));
    std::uint64_t bytes = 0;
    for (const ImageEntry& entry : entries_)
        bytes += entry.size;
    object.set("entries", static_cast<std::int64_t>(entries_.size()));
    object.set("bytes", static_cast<std::int64_t>(bytes));
    return object;
}

}  // namespace hab::host
