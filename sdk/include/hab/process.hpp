// SPDX-License-Identifier: Apache-2.0
//
// Running programs: hab.process/1 and hab.sandbox/1. Plugins never fork or mount by themselves.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"

namespace hab::sdk {

/// How a program ended; see hab_exec_result.
struct ExecResult {
    int exit_code = 0;
    int term_signal = 0;
    std::uint32_t flags = 0;  ///< HAB_EXEC_TIMED_OUT …
    std::uint64_t wall_ms = 0;
    std::uint64_t max_rss = 0;
};

/// A program to run to its end; see hab_process_spec.
struct ProcessSpec {
    std::vector<std::string> argv;
    std::vector<KeyValue> env = {};
    bool inherit_env = false;
    std::string cwd = {};
    std::string stdin_data = {};
    std::uint64_t timeout_ms = 0;
    /// Get output as it arrives. Without on_stderr it goes to the log.
    std::function<void(std::string_view)> on_stdout = {};
    std::function<void(std::string_view)> on_stderr = {};
};

/// A mount of a sandbox or studio; see hab_mount.
struct Mount {
    std::uint32_t kind = HAB_MOUNT_BIND;
    std::uint32_t flags = 0;
    std::string source = {};
    std::string target = {};
    std::string options = {};
};

/// Resource limits; 0 = none.
struct Limits {
    std::uint32_t cpu_millis = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t pids = 0;
    std::uint64_t open_files = 0;
};

/// Ids inside the sandbox.
struct Identity {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups = {};
};

/// A program and the small world it runs in; see hab_sandbox_spec.
struct SandboxSpec {
    std::vector<std::string> argv;
    std::vector<KeyValue> env = {};
    std::string cwd = {};
    std::string root = {};
    std::string hostname = {};
    std::vector<Mount> mounts = {};
    std::uint32_t flags = 0;       ///< HAB_SANDBOX_TTY …
    std::uint32_t namespaces = 0;  ///< HAB_NAMESPACE_MOUNT …
    std::optional<Identity> identity = {};
    std::vector<hab_id_map> uid_maps = {};
    std::vector<hab_id_map> gid_maps = {};
    std::optional<Limits> limits = {};
    int stdin_fd = -1;
    int stdout_fd = -1;
    int stderr_fd = -1;
    std::uint64_t timeout_ms = 0;
};

namespace detail {

[[nodiscard]] inline ExecResult to_result(const hab_exec_result& raw) noexcept {
    return {raw.exit_code, raw.term_signal, raw.flags, raw.wall_ms, raw.max_rss};
}

[[nodiscard]] inline hab_limits to_raw(const Limits& limits) noexcept {
    return {sizeof(hab_limits), limits.cpu_millis, limits.memory_bytes, limits.pids,
            limits.open_files};
}

/// Mounts for the ABI: the structs and the pointers to them.
struct MountList {
    explicit MountList(const std::vector<Mount>& mounts) {
        items.reserve(mounts.size());
        for (const auto& mount : mounts) {
            items.push_back({sizeof(hab_mount), mount.kind, mount.flags, to_abi(mount.source),
                             to_abi(mount.target), to_abi(mount.options)});
        }
        for (const auto& item : items)
            pointers.push_back(&item);
    }
    std::vector<hab_mount> items;
    std::vector<const hab_mount*> pointers;
};

}  // namespace detail

class Process : public Service<hab_process_service> {
public:
    static constexpr const char* id = HAB_SERVICE_PROCESS;
    Process(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// Runs and waits; a non-zero exit code is not an error.
    [[nodiscard]] ExecResult run(const ProcessSpec& spec) const {
        const auto argv = to_abi_list(spec.argv);
        const auto env = to_abi_list(spec.env);
        detail::CallbackSink out([&](std::string_view bytes) { spec.on_stdout(bytes); });
        detail::CallbackSink err([&](std::string_view bytes) { spec.on_stderr(bytes); });
        const hab_process_spec raw{.struct_size = sizeof(hab_process_spec),
                                   .flags = spec.inherit_env ? HAB_PROCESS_INHERIT_ENV : 0u,
                                   .argv = argv.data(),
                                   .argv_count = argv.size(),
                                   .env = env.data(),
                                   .env_count = env.size(),
                                   .cwd = to_abi(spec.cwd),
                                   .stdin_data = to_abi(spec.stdin_data),
                                   .stdout_sink = spec.on_stdout ? out.abi() : hab_sink{},
                                   .stderr_sink = spec.on_stderr ? err.abi() : hab_sink{},
                                   .timeout_ms = spec.timeout_ms};
        hab_exec_result result{};
        result.struct_size = sizeof(result);
        try {
            call(id, &Table::run, host(), &raw, &result);
        } catch (const Error&) {
            out.rethrow();
            err.rethrow();
            throw;
        }
        return detail::to_result(result);
    }
};

class Sandbox : public Service<hab_sandbox_service> {
public:
    static constexpr const char* id = HAB_SERVICE_SANDBOX;
    Sandbox(const hab_host* host, const Table* table) noexcept : Service(host, table) {}

    /// Runs and waits; a non-zero exit code is not an error. Nothing of it is left afterwards.
    [[nodiscard]] ExecResult run(const SandboxSpec& spec) const {
        const auto argv = to_abi_list(spec.argv);
        const auto env = to_abi_list(spec.env);
        const detail::MountList mounts(spec.mounts);
        const hab_limits limits = detail::to_raw(spec.limits.value_or(Limits{}));
        const Identity identity = spec.identity.value_or(Identity{});
        const std::uint32_t has_ids = spec.identity ? HAB_SANDBOX_HAS_IDS : 0u;
        const hab_sandbox_spec raw{.struct_size = sizeof(hab_sandbox_spec),
                                   .flags = spec.flags | has_ids,
                                   .namespaces = spec.namespaces,
                                   .uid = identity.uid,
                                   .gid = identity.gid,
                                   .stdin_fd = spec.stdin_fd,
                                   .stdout_fd = spec.stdout_fd,
                                   .stderr_fd = spec.stderr_fd,
                                   .argv = argv.data(),
                                   .argv_count = argv.size(),
                                   .env = env.data(),
                                   .env_count = env.size(),
                                   .cwd = to_abi(spec.cwd),
                                   .root = to_abi(spec.root),
                                   .hostname = to_abi(spec.hostname),
                                   .mounts = mounts.pointers.data(),
                                   .mount_count = mounts.pointers.size(),
                                   .uid_maps = spec.uid_maps.data(),
                                   .uid_map_count = spec.uid_maps.size(),
                                   .gid_maps = spec.gid_maps.data(),
                                   .gid_map_count = spec.gid_maps.size(),
                                   .groups = identity.groups.data(),
                                   .group_count = identity.groups.size(),
                                   .limits = spec.limits ? &limits : nullptr,
                                   .timeout_ms = spec.timeout_ms};
        hab_exec_result result{};
        result.struct_size = sizeof(result);
        call(id, &Table::run, host(), &raw, &result);
        return detail::to_result(result);
    }

    /// Deletes a tree; refuses to cross mounts. Fine if it does not exist.
    void remove_tree(std::string_view path) const {
        call(id, &Table::remove_tree, host(), to_abi(path));
    }

    /// What this machine allows, as JSON; keys in abi/sandbox.h.
    [[nodiscard]] std::string probe() const {
        detail::StringSink json;
        call(id, &Table::probe, host(), json.abi());
        return std::move(json.text());
    }
};

}  // namespace hab::sdk
