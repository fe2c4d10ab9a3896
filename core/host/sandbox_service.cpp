// SPDX-License-Identifier: Apache-2.0
// hab.sandbox/1
#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"
#include "base/json.hpp"
#include "host/abi_copy.hpp"
#include "host/exec_result.hpp"
#include "host/state.hpp"
#include "host/tables.hpp"
#include "sandbox/mount_table.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/run.hpp"

namespace hab::host {
namespace {

sandbox::MountKind to_kind(std::uint32_t kind) {
    switch (kind) {
        case HAB_MOUNT_BIND:
            return sandbox::MountKind::bind;
        case HAB_MOUNT_TMPFS:
            return sandbox::MountKind::tmpfs;
        case HAB_MOUNT_PROC:
            return sandbox::MountKind::proc;
        case HAB_MOUNT_SYS:
            return sandbox::MountKind::sys;
        case HAB_MOUNT_DEV:
            return sandbox::MountKind::dev;
        case HAB_MOUNT_DEVPTS:
            return sandbox::MountKind::devpts;
        default:
            throw Error(ErrorCode::unsupported,
                        fmt::format("this hab knows no mount of kind {}", kind));
    }
}

sandbox::Mount to_mount(const hab_mount* raw) {
    const hab_mount given = copy_covered(raw);
    sandbox::Mount mount;
    mount.kind = to_kind(given.kind);
    mount.source = text(given.source);
    mount.target = text(given.target);
    mount.options = text(given.options);
    mount.read_only = (given.flags & HAB_MOUNT_READ_ONLY) != 0;
    mount.no_suid = (given.flags & HAB_MOUNT_NO_SUID) != 0;
    mount.no_dev = (given.flags & HAB_MOUNT_NO_DEV) != 0;
    mount.no_exec = (given.flags & HAB_MOUNT_NO_EXEC) != 0;
    mount.optional = (given.flags & HAB_MOUNT_OPTIONAL) != 0;
    return mount;
}

sandbox::Namespaces to_namespaces(std::uint32_t flags) {
    sandbox::Namespaces spaces;
    spaces.user = (flags & HAB_NAMESPACE_USER) != 0;
    spaces.mount = (flags & HAB_NAMESPACE_MOUNT) != 0;
    spaces.pid = (flags & HAB_NAMESPACE_PID) != 0;
    spaces.net = (flags & HAB_NAMESPACE_NET) != 0;
    spaces.ipc = (flags & HAB_NAMESPACE_IPC) != 0;
    spaces.uts = (flags & HAB_NAMESPACE_UTS) != 0;
    return spaces;
}

std::vector<sandbox::IdMap> to_maps(const hab_id_map* maps, std::size_t count) {
    std::vector<sandbox::IdMap> list;
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back({maps[i].inside, maps[i].outside, maps[i].count});
    }
    return list;
}

void add_identity(sandbox::Spec& spec, const hab_sandbox_spec& given) {
    if ((given.flags & HAB_SANDBOX_HAS_IDS) == 0) return;
    sandbox::Ids ids{given.uid, given.gid, {}};
    for (std::size_t i = 0; i < given.group_count; ++i)
        ids.groups.push_back(given.groups[i]);
    spec.ids = std::move(ids);
}

void add_limits(sandbox::Spec& spec, const hab_limits* raw) {
    const hab_limits given = copy_covered(raw);
    spec.limits = {given.cpu_millis, given.memory_bytes, given.pids, given.open_files};
}

sandbox::Spec to_spec(const hab_sandbox_spec& given) {
    sandbox::Spec spec;
    spec.argv = text_list(given.argv, given.argv_count);
    for (std::size_t i = 0; i < given.env_count; ++i) {
        spec.env[text(given.env[i].key)] = text(given.env[i].value);
    }
    if (given.cwd.len != 0) spec.cwd = text(given.cwd);
    spec.root = text(given.root);
    spec.hostname = text(given.hostname);
    for (std::size_t i = 0; i < given.mount_count; ++i)
        spec.mounts.push_back(to_mount(given.mounts[i]));
    spec.namespaces = to_namespaces(given.namespaces);
    spec.uid_maps = to_maps(given.uid_maps, given.uid_map_count);
    spec.gid_maps = to_maps(given.gid_maps, given.gid_map_count);
    add_identity(spec, given);
    add_limits(spec, given.limits);
    spec.stdio = {given.stdin_fd, given.stdout_fd, given.stderr_fd};
    spec.controlling_terminal = (given.flags & HAB_SANDBOX_TTY) != 0;
    spec.no_new_privileges = (given.flags & HAB_SANDBOX_NO_NEW_PRIVS) != 0;
    spec.root_read_only = (given.flags & HAB_SANDBOX_ROOT_READ_ONLY) != 0;
    return spec;
}

hab_status run(const hab_host* host, const hab_sandbox_spec* raw, hab_exec_result* result,
               hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const hab_sandbox_spec given = copy_covered(raw);
        Context& context = Context::of(host);
        sandbox::RunOptions options;
        options.timeout = std::chrono::milliseconds(given.timeout_ms);
        options.cancelled = [&context] { return context.cancelled(); };
        finish(sandbox::run(to_spec(given), options), result);
    });
}

hab_status remove_tree(const hab_host*, hab_str path, hab_error* error) noexcept {
    return plugin::guard_service(error, [&] { sandbox::remove_tree_unmounted(text(path)); });
}

hab_status probe(const hab_host*, hab_sink json, hab_error* error) noexcept {
    return plugin::guard_service(error, [&] {
        const sandbox::Capabilities found = sandbox::probe();
        Object object;
        object.set("root", found.root);
        object.set("user_namespaces", found.user_namespaces);
        object.set("mount_namespaces", found.mount_namespaces);
        object.set("cgroups", sandbox::to_string(found.cgroups));
        Array reasons;
        for (const std::string& reason : found.reasons)
            reasons.emplace_back(reason);
        object.set("reasons", std::move(reasons));
        plugin::put(json, to_json(Value(std::move(object))));
    });
}

}  // namespace

const hab_sandbox_service sandbox_table = {sizeof(hab_sandbox_service), run, remove_tree, probe};

}  // namespace hab::host
