// SPDX-License-Identifier: Apache-2.0
// What a service looks like from outside: the read-only snapshots that gateways show.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/value.hpp"
#include "package/metafiles.hpp"
#include "package/service_limits.hpp"

namespace hab::supervisor {

/// Where a service is in its life. docs/guide/supervisor.md has the picture.
enum class ServicePhase {
    down,          ///< no process, and none is wanted or allowed yet (see `waiting_for`)
    backoff,       ///< no process; it will be started when the wait after a failure ends
    initializing,  ///< the init hook runs
    starting,      ///< the launcher was asked for the process
    up,            ///< the process runs
    draining,      ///< the process is to end; its pre-stop hook runs
    stopping,      ///< the process was told to end
    post_stop,     ///< the process has ended, the post-stop hook runs
    finished,      ///< a run-once service has done its work
    failed,        ///< cannot be set up (see `failure`); tried again when spec or user.toml change
};
[[nodiscard]] std::string_view to_string(ServicePhase phase) noexcept;

/// Upstream's numbers: the exit codes of the health-check hook.
enum class Health { ok = 0, warning = 1, critical = 2, unknown = 3 };
/// "OK", "WARNING", "CRITICAL", "UNKNOWN" - as /services/S/G/health shows it.
[[nodiscard]] std::string_view to_string(Health health) noexcept;

/// How it is known that a process does its work.
enum class Readiness {
    process,     ///< it runs
    hook,        ///< its ready hook exits with 0
    descriptor,  ///< it writes a line to its readiness pipe
};

/// How a process ended.
struct ExitStatus {
    int code = 0;    ///< exit code, if signal is 0
    int signal = 0;  ///< signal that killed it
    [[nodiscard]] bool ok() const noexcept { return code == 0 && signal == 0; }
    /// "exited with code 3", "was terminated by signal 9 (SIGKILL)".
    [[nodiscard]] std::string text() const;
};

struct HealthReport {
    Health health = Health::unknown;
    std::string out;  ///< first KiB of the hook's stdout
    std::string err;
};

struct HookState {
    std::string template_path;  ///< in the package; empty for a plain run file
    std::string path;           ///< rendered
    std::string stdout_log;
    std::string stderr_log;
};

/// What the package says, with the names of the template context (`pkg.*`).
struct PackageState {
    std::string ident, origin, name, version, release;  ///< ident is fully qualified
    std::vector<std::string> dependencies;              ///< transitive, fully qualified
    std::vector<std::pair<std::string, std::string>> env;
    std::vector<std::string> exposes;
    std::vector<std::pair<std::string, std::string>> exports;
    std::string path, svc_path, svc_config_path, svc_data_path, svc_files_path, svc_static_path,
        svc_var_path, svc_pid_file, svc_run;
    std::string svc_user, svc_group;
    std::string shutdown_signal;  ///< "TERM"
    std::chrono::seconds shutdown_timeout{8};
    std::vector<package::Bind> binds;  ///< mandatory and optional, with what they must export
};

/// What the machine says (`sys.*`); addresses are those really bound.
struct SystemState {
    std::string version, member_id, ip, hostname;
    std::string http_gateway_ip, ctl_gateway_ip;
    std::uint16_t http_gateway_port = 0, ctl_gateway_port = 0;
    std::string gossip_ip = "0.0.0.0";
    std::uint16_t gossip_port = 9638;
    bool permanent = false;  ///< a permanent peer of its ring
};

/// What the service may use, and what became of that.
struct LimitState {
    package::ServiceLimits limits;          ///< in force: those of the spec over the package's
    std::vector<std::string> not_enforced;  ///< a sentence for each that cannot be had here
    std::uint64_t oom_kills = 0;  ///< processes killed for want of memory since it was loaded
};

struct LastProcess {
    std::int64_t pid;
    std::string termination_reason;
    WallTime terminated_at;
};

/// Everything the gateways tell about one loaded service. Immutable once published.
struct ServiceSnapshot {
    std::string name;        ///< key of the service on this supervisor; the package's unless given
    std::string group;       ///< "nginx.default[@org]"
    std::string spec_ident;  ///< as the operator wrote it
    std::string spec_file;
    std::string bldr_url, channel, topology, update_strategy, update_condition, binding_mode;
    std::vector<std::string> binds;
    std::optional<std::string> config_from;
    std::optional<std::uint32_t> spec_shutdown_timeout;
    bool desired_up = true;
    ServicePhase phase = ServicePhase::down;
    std::string waiting_for;  ///< why it is not started, or empty
    /// With ServicePhase::failed: sentence and hint. With others: how it last ran out of memory,
    /// until it has been up for the cool-down.
    std::string failure;
    std::string config_refused;       ///< why the files in use are not those of the configuration
    std::optional<PackageState> pkg;  ///< empty while the package cannot be read
    std::optional<std::int64_t> pid;  ///< of the running process
    WallTime state_entered{};         ///< since when it is up or down
    bool initialized = false;
    bool ready = false;  ///< the process does its work; apart from health
    std::optional<WallTime> ready_since;
    HealthReport health;
    std::chrono::seconds health_check_interval{30};
    std::map<std::string, HookState> hooks;  ///< by hook name with hyphens ("health-check")
    std::shared_ptr<const Value> cfg;        ///< merged, without secrets; never null
    std::uint64_t restart_count = 0;
    std::optional<WallTime> next_restart_at;
    std::optional<LastProcess> last_process;
    LimitState limits;
    std::chrono::seconds min_backoff{0}, max_backoff{0}, cooldown{300};

    [[nodiscard]] bool process_up() const noexcept { return pid.has_value(); }
};

/// Paths that /services shows as manager_fs_cfg.
struct SupervisorPaths {
    std::string sup_root, data_path, specs_path, member_id_file, proc_lock_file;
};

/// Read access for gateways; loop only. What it returns stays valid after later changes.
class StateReader {
public:
    virtual ~StateReader() = default;
    /// Loaded services, sorted by name.
    [[nodiscard]] virtual std::vector<std::shared_ptr<const ServiceSnapshot>> services() const = 0;
    /// By package name; null if it is not loaded.
    [[nodiscard]] virtual std::shared_ptr<const ServiceSnapshot> find(
        std::string_view name) const = 0;
    [[nodiscard]] virtual const SystemState& system() const = 0;
    [[nodiscard]] virtual const SupervisorPaths& paths() const = 0;
};

}  // namespace hab::supervisor
