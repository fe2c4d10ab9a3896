// SPDX-License-Identifier: Apache-2.0
// The life of one service as a pure state machine: facts and decisions go in, actions come out. No
// I/O, no clock, no threads; the times are those that the caller hands in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/entropy.hpp"
#include "supervisor/backoff.hpp"
#include "supervisor/hooks.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

enum class MachineTimer {
    kill,      ///< the process had its time to stop
    cooldown,  ///< it has been up long enough to count as healthy
    post_run,  ///< try the post-run hook again
    ready,     ///< ask the ready hook again
    again,     ///< a run-once service is to run the next time
    drain,     ///< the time that a stop command gave the pre-stop hook is over
};

// What the owner of a machine has to do, in order.
struct RunHook {
    Hook hook;
    bool operator==(const RunHook&) const = default;
};
/// Kill what runs of this hook, with its children; its end is not reported.
struct CancelHook {
    Hook hook;
    bool operator==(const CancelHook&) const = default;
};
/// Ask the launcher for the process; answered with process_started() or spawn_failed().
struct SpawnProcess {
    bool operator==(const SpawnProcess&) const = default;
};
struct SignalProcess {
    std::int64_t pid;
    int signal;
    bool operator==(const SignalProcess&) const = default;
};
struct SetTimer {
    MachineTimer timer;
    SteadyTime at;
    bool operator==(const SetTimer&) const = default;
};
struct CancelTimer {
    MachineTimer timer;
    bool operator==(const CancelTimer&) const = default;
};
/// The process came up or is not up any more: health checks begin or end.
struct ProcessIsUp {
    bool operator==(const ProcessIsUp&) const = default;
};
struct ProcessIsDown {
    bool operator==(const ProcessIsDown&) const = default;
};
/// The process does its work; at most once for each process.
struct ProcessIsReady {
    bool operator==(const ProcessIsReady&) const = default;
};
/// A line for the console, in the service's name.
struct Say {
    std::string key;  ///< "SV", "HK"
    std::string text;
    bool operator==(const Say&) const = default;
};
struct EnterPhase {
    ServicePhase from;
    ServicePhase to;
    std::string reason;
    bool operator==(const EnterPhase&) const = default;
};
using Action = std::variant<RunHook, CancelHook, SpawnProcess, SignalProcess, SetTimer, CancelTimer,
                            ProcessIsUp, ProcessIsDown, ProcessIsReady, Say, EnterPhase>;
using Actions = std::vector<Action>;

struct MachineSettings {
    std::vector<Hook> hooks;   ///< those the package has
    std::string process_user;  ///< "user=U, group=G", for the console
    std::chrono::milliseconds stop_timeout{8000};
    int stop_signal = 15;
    Readiness readiness = Readiness::process;
    bool run_once = false;  ///< an end with code 0 is no failure and no reason to start again
    /// From one start of a run-once service to the next; empty: it runs once.
    std::optional<std::chrono::milliseconds> every;
    BackoffPolicy backoff;
    std::chrono::milliseconds cooldown{300'000};
};

/// Which rendered files have changed since the process got them.
struct ChangedFiles {
    bool config = false;
    bool start_hooks = false;  ///< init, run or post-run: only a restart brings them in
    bool reconfigure_hook = false;
};

class ServiceMachine {
public:
    /// `entropy` must outlive the machine.
    ServiceMachine(MachineSettings settings, Entropy& entropy);

    /// What an earlier supervisor knew; before everything else.
    void restore(std::uint64_t restarts, const BackoffState& backoff) noexcept;

    /// A run-once service that had finished under an earlier supervisor; `next`: when it is due.
    [[nodiscard]] Actions restore_finished(std::optional<SteadyTime> next);
    /// The process ended under an earlier supervisor, whose post-stop hook did not come to its end.
    [[nodiscard]] Actions restore_post_stop();

    // Decisions of the topology. Each is ignored where it makes no sense.
    [[nodiscard]] Actions start(const std::string& reason);
    /// Runs the init hook without starting the process afterwards.
    [[nodiscard]] Actions init(const std::string& reason);
    [[nodiscard]] Actions stop(const std::string& reason, SteadyTime now);
    /// Stop; afterwards the topology finds a service that is down and may start it at once.
    [[nodiscard]] Actions restart(const std::string& reason, SteadyTime now);
    [[nodiscard]] Actions reconfigure();

    // Facts.
    [[nodiscard]] Actions hook_ended(Hook hook, const ExitStatus& status, bool timed_out,
                                     SteadyTime now);
    [[nodiscard]] Actions process_started(std::int64_t pid, SteadyTime now);
    /// A process of an earlier supervisor still runs: init and post-run are not run again, nor is
    /// readiness asked for again if it was known. `uncounted`: the earlier supervisor asked for it,
    /// but did not come to count it as a restart.
    [[nodiscard]] Actions reattached(std::int64_t pid, SteadyTime now, bool was_ready = false,
                                     bool uncounted = false);
    /// A line came through the readiness pipe.
    [[nodiscard]] Actions notified();
    [[nodiscard]] Actions spawn_failed(const std::string& why, SteadyTime now);
    [[nodiscard]] Actions process_exited(const ExitStatus& status, SteadyTime now);
    [[nodiscard]] Actions timer_fired(MachineTimer timer, SteadyTime now);
    [[nodiscard]] Actions files_changed(const ChangedFiles& changed);

    /// What the next stop grants the process, instead of the settings' time.
    void set_stop_timeout(std::optional<std::chrono::milliseconds> timeout) noexcept {
        stop_timeout_override_ = timeout;
    }

    // What the topology and the gateways look at.
    [[nodiscard]] ServicePhase phase() const noexcept { return phase_; }
    [[nodiscard]] std::optional<std::int64_t> pid() const noexcept { return pid_; }
    [[nodiscard]] bool initialized() const noexcept { return initialized_; }
    [[nodiscard]] bool changed() const noexcept {
        return changed_.config || changed_.start_hooks || changed_.reconfigure_hook;
    }
    /// What the process does not know yet for sure, a reconfigure hook that still runs included.
    [[nodiscard]] ChangedFiles unapplied() const noexcept;
    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] Readiness readiness() const noexcept { return settings_.readiness; }
    /// Whether the change can be brought in without a restart.
    [[nodiscard]] bool reconfigurable() const;
    /// After a failure: not to be started before this.
    [[nodiscard]] std::optional<SteadyTime> restart_after() const noexcept {
        return restart_after_;
    }
    /// It ended as a run-once service should, and was neither stopped nor started since.
    [[nodiscard]] bool finished() const noexcept { return finished_; }
    /// When it runs the next time by itself, if it has finished and ever does.
    [[nodiscard]] std::optional<SteadyTime> next_run() const noexcept { return next_run_; }
    [[nodiscard]] std::uint64_t restarts() const noexcept { return restarts_; }
    [[nodiscard]] const BackoffState& backoff() const noexcept { return backoff_.state(); }
    /// Nothing runs: no process and no hook.
    [[nodiscard]] bool at_rest() const noexcept;

private:
    [[nodiscard]] bool has(Hook hook) const;
    void enter(Actions& out, ServicePhase to, std::string reason = {});
    void spawn(Actions& out);
    void begin_stop(Actions& out, const std::string& reason, SteadyTime now);
    void send_stop(Actions& out, SteadyTime now);
    void now_down(Actions& out);
    void failed(Actions& out, const std::string& why, SteadyTime now);
    void leave_up(Actions& out);
    void finish(Actions& out, SteadyTime now);
    void forget_finish(Actions& out);
    void come_up(Actions& out, SteadyTime now);
    void become_ready(Actions& out);
    Actions ready_ended(const ExitStatus& status, bool timed_out, SteadyTime now);
    Actions drained(const ExitStatus& status, bool timed_out, SteadyTime now);
    Actions init_ended(const ExitStatus& status, bool timed_out, SteadyTime now);
    Actions post_run_ended(const ExitStatus& status, bool timed_out, SteadyTime now);

    MachineSettings settings_;
    Entropy& entropy_;
    Backoff backoff_;
    Backoff post_run_backoff_;
    ServicePhase phase_ = ServicePhase::down;
    std::optional<std::int64_t> pid_;
    bool initialized_ = false;
    bool start_after_init_ = false;
    bool reconfigure_running_ = false;
    bool reconfigure_again_ = false;
    bool started_before_ = false;
    bool ready_ = false;
    bool finished_ = false;
    SteadyTime started_at_{};
    std::optional<SteadyTime> next_run_;
    bool told_unready_ = false;  ///< of this process; once is enough
    ChangedFiles changed_;
    std::optional<SteadyTime> restart_after_;
    std::uint64_t restarts_ = 0;
    std::optional<std::chrono::milliseconds> stop_timeout_override_;
};

}  // namespace hab::supervisor
