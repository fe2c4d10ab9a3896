// SPDX-License-Identifier: Apache-2.0
#include "tree/sandboxed.hpp"

#include <map>
#include <utility>

#include "tree/image_files.hpp"
#include "tree/skeleton.hpp"

namespace studio_tree {

using namespace hab::sdk;

SandboxedStudio::SandboxedStudio(Host host, StudioSpec spec, SandboxKind kind)
    : host_(host), spec_(std::move(spec)), kind_(std::move(kind)) {
    spec_.type = checked_type(spec_, kind_.backend);
    if (spec_.for_removal) {
        if (studio_type(spec_.root_dir)) lock_ = std::make_unique<StudioLock>(spec_.root_dir);
        return;
    }
    if (spec_.fresh && studio_type(spec_.root_dir)) {
        const StudioLock nobody_else(spec_.root_dir);
        nobody_else.make_exclusive();
        host_.require<Sandbox>().remove_tree(spec_.root_dir);
    }
    prepare_tree(spec_.root_dir, spec_.type, kind_.backend, spec_.mounts);
    lock_ = std::make_unique<StudioLock>(spec_.root_dir);
    if (is_image(spec_.type)) fill_image(spec_.root_dir, spec_.type, spec_.mounts);
    if (spec_.type != "default" && spec_.type != "stage1") put_applet_links();
}

/// One link for each program that busybox can be; images have no others.
void SandboxedStudio::put_applet_links() const {
    for (const Mount& mount : spec_.mounts) {
        if (!package_name(mount.target).starts_with("busybox")) continue;
        std::string names;
        ProcessSpec list;
        list.argv = {mount.source + "/bin/busybox", "--list"};
        list.on_stdout = [&](std::string_view text) { names += text; };
        const ExecResult done = host_.require<Process>().run(list);
        if (done.exit_code != 0) {
            raise(HAB_STATUS_IO, "cannot ask '" + list.argv.front() + "' which programs it has");
        }
        put_busybox_links(spec_.root_dir, mount.target, names, is_image(spec_.type));
        return;
    }
    raise(HAB_STATUS_NOT_FOUND,
          "a studio of type '" + spec_.type + "' needs a package with a static busybox",
          "install or build core/busybox-static first");
}

std::vector<Mount> SandboxedStudio::mounts() const {
    std::vector<Mount> all = {{.kind = HAB_MOUNT_DEV, .target = "/dev"},
                              {.kind = HAB_MOUNT_PROC, .target = "/proc"},
                              {.kind = HAB_MOUNT_SYS, .target = "/sys"},
                              {.kind = HAB_MOUNT_TMPFS, .target = "/run", .options = "mode=755"}};
    for (const Mount& mount : spec_.mounts) {
        const bool below_packages = mount.target == "/hab/pkgs" || shows_package(mount);
        if (!is_image(spec_.type) || !below_packages) all.push_back(mount);
    }
    return all;
}

ExecResult SandboxedStudio::run(const StudioExec& exec) {
    SandboxSpec sandbox;
    sandbox.argv = exec.argv;
    sandbox.env = environment(exec);
    sandbox.cwd = exec.cwd.empty() ? "/" : exec.cwd;
    sandbox.root = spec_.root_dir;
    sandbox.hostname = spec_.name;
    sandbox.mounts = mounts();
    sandbox.flags = exec.tty ? HAB_SANDBOX_TTY : 0u;
    sandbox.namespaces =
        HAB_NAMESPACE_MOUNT | HAB_NAMESPACE_PID | HAB_NAMESPACE_IPC | HAB_NAMESPACE_UTS;
    if (!spec_.network) sandbox.namespaces |= HAB_NAMESPACE_NET;
    if (kind_.user_namespace) {
        sandbox.namespaces |= HAB_NAMESPACE_USER;
    } else {
        sandbox.identity = Identity{0, 0, {}};
    }
    sandbox.limits = spec_.limits;
    sandbox.stdin_fd = exec.stdin_fd;
    sandbox.stdout_fd = exec.stdout_fd;
    sandbox.stderr_fd = exec.stderr_fd;
    sandbox.timeout_ms = exec.timeout_ms;
    return host_.require<Sandbox>().run(sandbox);
}

void SandboxedStudio::remove() {
    if (!lock_) return;
    lock_->make_exclusive();
    host_.require<Sandbox>().remove_tree(spec_.root_dir);
    lock_.reset();
}

std::vector<KeyValue> SandboxedStudio::environment(const StudioExec& exec) const {
    std::map<std::string, std::string> all = {
        {"HOME", "/root"}, {"LC_ALL", "POSIX"}, {"STUDIO_TYPE", spec_.type}};
    // Archives name owners that do not exist here; tar as root would fail to set them.
    if (kind_.user_namespace) all["TAR_OPTIONS"] = "--no-same-owner";
    for (const KeyValue& item : spec_.env)
        all[item.key] = item.value;
    for (const KeyValue& item : exec.env)
        all[item.key] = item.value;
    std::vector<KeyValue> list;
    for (auto& [key, value] : all)
        list.push_back({key, value});
    return list;
}

bool says_true(std::string_view json, std::string_view key) {
    const std::string quoted = "\"" + std::string(key) + "\"";
    auto at = json.find(quoted);
    if (at == std::string_view::npos) return false;
    at = json.find_first_not_of(" \t\n:", at + quoted.size());
    return at != std::string_view::npos && json.substr(at, 4) == "true";
}

}  // namespace studio_tree
