// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_machine.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

namespace hab::supervisor {
namespace {

std::string hook_failure(Hook hook, const ExitStatus& status, bool timed_out) {
    if (timed_out) return fmt::format("the {} hook took too long and was killed", to_string(hook));
    return fmt::format("the {} hook {}", to_string(hook), status.text());
}

std::string when(std::chrono::milliseconds wait) {
    if (wait.count() == 0) return "will restart immediately";
    return fmt::format("will restart after {:.2f} secs",
                       static_cast<double>(wait.count()) / 1000.0);
}

}  // namespace

ServiceMachine::ServiceMachine(MachineSettings settings, Entropy& entropy)
    : settings_(std::move(settings)),
      entropy_(entropy),
      backoff_(settings_.backoff),
      post_run_backoff_(BackoffPolicy{std::chrono::seconds(1), std::chrono::seconds(60), false}) {}

void ServiceMachine::restore(std::uint64_t restarts, const BackoffState& backoff) noexcept {
    started_before_ = true;
    restarts_ = restarts;
    backoff_.restore(backoff);
}

bool ServiceMachine::has(Hook hook) const {
    return std::find(settings_.hooks.begin(), settings_.hooks.end(), hook) != settings_.hooks.end();
}

bool ServiceMachine::reconfigurable() const {
    return has(Hook::reconfigure) && !changed_.start_hooks;
}

bool ServiceMachine::at_rest() const noexcept {
    return phase_ == ServicePhase::down || phase_ == ServicePhase::backoff ||
           phase_ == ServicePhase::finished;
}

void ServiceMachine::enter(Actions& out, ServicePhase to, std::string reason) {
    if (to == phase_) return;
    out.push_back(EnterPhase{phase_, to, std::move(reason)});
    phase_ = to;
}

Actions ServiceMachine::start(const std::string& reason) {
    Actions out;
    if (!at_rest() || finished_) return out;
    restart_after_.reset();
    changed_ = {};  // the process gets the files as they are now
    if (has(Hook::init) && !initialized_) {
        out.push_back(Say{"SR", "Initializing"});
        enter(out, ServicePhase::initializing, reason);
        start_after_init_ = true;
        out.push_back(RunHook{Hook::init});
    } else {
        initialized_ = true;
        spawn(out);
    }
    return out;
}

Actions ServiceMachine::init(const std::string& reason) {
    Actions out;
    if (!at_rest() || finished_ || initialized_) return out;
    if (!has(Hook::init)) {
        initialized_ = true;
        return out;
    }
    enter(out, ServicePhase::initializing, reason);
    start_after_init_ = false;
    out.push_back(RunHook{Hook::init});
    return out;
}

void ServiceMachine::spawn(Actions& out) {
    enter(out, ServicePhase::starting);
    out.push_back(Say{"SV", "Starting service as " + settings_.process_user});
    out.push_back(SpawnProcess{});
}

Actions ServiceMachine::stop(const std::string& reason, SteadyTime now) {
    Actions out;
    switch (phase_) {
        case ServicePhase::down:
        case ServicePhase::backoff:
        case ServicePhase::finished:
            restart_after_.reset();
            forget_finish(out);
            enter(out, ServicePhase::down, reason);
            break;
        case ServicePhase::draining:
            if (stop_timeout_override_) {
                out.push_back(SetTimer{MachineTimer::drain, now + *stop_timeout_override_});
            }
            break;
        case ServicePhase::stopping:
            // A shorter time given by a later command counts; a longer one comes too late.
            if (stop_timeout_override_ && pid_) {
                out.push_back(SetTimer{MachineTimer::kill, now + *stop_timeout_override_});
            }
            break;
        case ServicePhase::post_stop:
            restart_after_.reset();
            forget_finish(out);
            break;
        case ServicePhase::initializing:
        case ServicePhase::starting:
        case ServicePhase::up:
            begin_stop(out, reason, now);
            break;
        case ServicePhase::failed:
            break;
    }
    return out;
}

Actions ServiceMachine::restart(const std::string& reason, SteadyTime now) {
    Actions out;
    if (phase_ != ServicePhase::up) return out;
    out.push_back(Say{"SV", "Stopping service, will restart immediately: " + reason});
    backoff_.reset();
    begin_stop(out, reason, now);
    return out;
}

void ServiceMachine::begin_stop(Actions& out, const std::string& reason, SteadyTime now) {
    if (phase_ == ServicePhase::initializing) {
        out.push_back(CancelHook{Hook::init});
        now_down(out);
        return;
    }
    if (phase_ == ServicePhase::up && has(Hook::pre_stop)) {
        out.push_back(Say{"SR", "Draining: the pre-stop hook runs before the stop"});
        enter(out, ServicePhase::draining, reason);
        out.push_back(RunHook{Hook::pre_stop});
        if (stop_timeout_override_) {
            out.push_back(SetTimer{MachineTimer::drain, now + *stop_timeout_override_});
        }
        return;
    }
    enter(out, ServicePhase::stopping, reason);
    // While starting, the answer of the launcher brings the pid to signal.
    if (pid_) send_stop(out, now);
}

void ServiceMachine::send_stop(Actions& out, SteadyTime now) {
    leave_up(out);
    out.push_back(Say{"SV", fmt::format("Terminating service (PID: {})", *pid_)});
    out.push_back(SignalProcess{*pid_, settings_.stop_signal});
    const auto timeout = stop_timeout_override_.value_or(settings_.stop_timeout);
    out.push_back(SetTimer{MachineTimer::kill, now + timeout});
}

Actions ServiceMachine::drained(const ExitStatus& status, bool timed_out, SteadyTime now) {
    Actions out;
    if (phase_ != ServicePhase::draining) return out;
    if (!status.ok() || timed_out) {
        out.push_back(Say{"HK", hook_failure(Hook::pre_stop, status, timed_out) +
                                    "; the service is stopped now"});
    }
    out.push_back(CancelTimer{MachineTimer::drain});
    enter(out, ServicePhase::stopping);
    send_stop(out, now);
    return out;
}

/// Ends everything that only makes sense beside a running process.
void ServiceMachine::leave_up(Actions& out) {
    out.push_back(CancelTimer{MachineTimer::cooldown});
    out.push_back(CancelTimer{MachineTimer::post_run});
    out.push_back(CancelTimer{MachineTimer::ready});
    out.push_back(CancelHook{Hook::ready});
    out.push_back(CancelHook{Hook::post_run});
    out.push_back(CancelHook{Hook::reconfigure});
    out.push_back(ProcessIsDown{});
    reconfigure_running_ = reconfigure_again_ = false;
    ready_ = told_unready_ = false;
}

void ServiceMachine::come_up(Actions& out, SteadyTime now) {
    out.push_back(ProcessIsUp{});
    out.push_back(SetTimer{MachineTimer::cooldown, now + settings_.cooldown});
    if (ready_ || settings_.readiness == Readiness::process) {
        become_ready(out);
    } else if (settings_.readiness == Readiness::hook) {
        out.push_back(RunHook{Hook::ready});
    }
}

void ServiceMachine::become_ready(Actions& out) {
    ready_ = true;
    out.push_back(ProcessIsReady{});
}

Actions ServiceMachine::notified() {
    Actions out;
    if (phase_ == ServicePhase::up && !ready_) become_ready(out);
    return out;
}

Actions ServiceMachine::ready_ended(const ExitStatus& status, bool timed_out, SteadyTime now) {
    Actions out;
    if (phase_ != ServicePhase::up || ready_) return out;
    if (status.ok() && !timed_out) {
        become_ready(out);
        return out;
    }
    if (!told_unready_) {
        told_unready_ = true;
        out.push_back(Say{"HK", hook_failure(Hook::ready, status, timed_out) +
                                    "; it is asked again every second"});
    }
    out.push_back(SetTimer{MachineTimer::ready, now + std::chrono::seconds(1)});
    return out;
}

Actions ServiceMachine::reconfigure() {
    Actions out;
    if (phase_ != ServicePhase::up || !has(Hook::reconfigure)) return out;
    changed_ = {};
    if (reconfigure_running_) {
        reconfigure_again_ = true;  // the running one may have read the older files
        return out;
    }
    reconfigure_running_ = true;
    out.push_back(RunHook{Hook::reconfigure});
    return out;
}

Actions ServiceMachine::hook_ended(Hook hook, const ExitStatus& status, bool timed_out,
                                   SteadyTime now) {
    Actions out;
    switch (hook) {
        case Hook::init:
            return init_ended(status, timed_out, now);
        case Hook::post_run:
            return post_run_ended(status, timed_out, now);
        case Hook::ready:
            return ready_ended(status, timed_out, now);
        case Hook::pre_stop:
            return drained(status, timed_out, now);
        case Hook::reconfigure:
            reconfigure_running_ = false;
            if (phase_ != ServicePhase::up) break;
            if (reconfigure_again_) {
                reconfigure_again_ = false;
                return reconfigure();
            }
            out.push_back(ProcessIsUp{});  // health is looked at anew
            break;
        case Hook::post_stop:
            if (phase_ == ServicePhase::post_stop) now_down(out);
            break;
        default:
            break;
    }
    if (!status.ok() || timed_out) {
        if (hook == Hook::reconfigure || hook == Hook::post_stop) {
            out.push_back(Say{"HK", hook_failure(hook, status, timed_out)});
        }
    }
    return out;
}

Actions ServiceMachine::init_ended(const ExitStatus& status, bool timed_out, SteadyTime now) {
    Actions out;
    if (phase_ != ServicePhase::initializing) return out;
    if (!status.ok() || timed_out) {
        failed(out, hook_failure(Hook::init, status, timed_out), now);
        now_down(out);
        return out;
    }
    initialized_ = true;
    if (start_after_init_) {
        spawn(out);
    } else {
        enter(out, ServicePhase::down, "initialized");
    }
    return out;
}

Actions ServiceMachine::post_run_ended(const ExitStatus& status, bool timed_out, SteadyTime now) {
    Actions out;
    if (phase_ != ServicePhase::up) return out;
    if (status.ok() && !timed_out) {
        post_run_backoff_.reset();
        return out;
    }
    const auto wait = post_run_backoff_.next(entropy_);
    out.push_back(Say{"HK", fmt::format("{}; it is tried again in {:.1f} secs",
                                        hook_failure(Hook::post_run, status, timed_out),
                                        static_cast<double>(wait.count()) / 1000.0)});
    out.push_back(SetTimer{MachineTimer::post_run, now + wait});
    return out;
}

Actions ServiceMachine::process_started(std::int64_t pid, SteadyTime now) {
    Actions out;
    pid_ = pid;
    started_at_ = now;
    if (started_before_ && !settings_.run_once) ++restarts_;
    started_before_ = true;
    if (phase_ == ServicePhase::stopping) {
        send_stop(out, now);
        return out;
    }
    enter(out, ServicePhase::up);
    come_up(out, now);
    if (has(Hook::post_run)) out.push_back(RunHook{Hook::post_run});
    return out;
}

Actions ServiceMachine::reattached(std::int64_t pid, SteadyTime now, bool was_ready,
                                   bool uncounted) {
    Actions out;
    pid_ = pid;
    if (uncounted && started_before_ && !settings_.run_once) ++restarts_;
    initialized_ = started_before_ = true;
    ready_ = was_ready;
    enter(out, ServicePhase::up, "reattached");
    come_up(out, now);
    return out;
}

Actions ServiceMachine::spawn_failed(const std::string& why, SteadyTime now) {
    Actions out;
    if (phase_ != ServicePhase::stopping) failed(out, why, now);
    now_down(out);
    return out;
}

Actions ServiceMachine::process_exited(const ExitStatus& status, SteadyTime now) {
    Actions out;
    const bool drains = phase_ == ServicePhase::draining;
    const bool expected = drains || phase_ == ServicePhase::stopping;
    if (drains) {
        out.push_back(CancelHook{Hook::pre_stop});
        out.push_back(CancelTimer{MachineTimer::drain});
    }
    if (!expected && settings_.run_once && status.ok()) {
        finish(out, now);
    } else if (!expected) {
        if (settings_.run_once) ++restarts_;
        failed(out, fmt::format("the process {}", status.text()), now);
    }
    if (phase_ != ServicePhase::stopping) leave_up(out);
    out.push_back(CancelTimer{MachineTimer::kill});
    pid_.reset();
    if (has(Hook::post_stop)) {
        enter(out, ServicePhase::post_stop);
        out.push_back(RunHook{Hook::post_stop});
    } else {
        now_down(out);
    }
    return out;
}

void ServiceMachine::finish(Actions& out, SteadyTime now) {
    finished_ = true;
    backoff_.reset();
    next_run_.reset();
    out.push_back(Say{"SV", "Service finished"});
    if (!settings_.every) return;
    next_run_ = std::max(now, started_at_ + *settings_.every);
    out.push_back(SetTimer{MachineTimer::again, *next_run_});
}

void ServiceMachine::forget_finish(Actions& out) {
    if (!finished_) return;
    finished_ = false;
    next_run_.reset();
    out.push_back(CancelTimer{MachineTimer::again});
}

Actions ServiceMachine::restore_finished(std::optional<SteadyTime> next) {
    Actions out;
    finished_ = true;
    next_run_ = next;
    enter(out, ServicePhase::finished, "it finished before");
    if (next) out.push_back(SetTimer{MachineTimer::again, *next});
    return out;
}

Actions ServiceMachine::restore_post_stop() {
    Actions out;
    if (!at_rest() || !has(Hook::post_stop)) return out;
    enter(out, ServicePhase::post_stop, "its post-stop hook did not come to its end");
    out.push_back(RunHook{Hook::post_stop});
    return out;
}

ChangedFiles ServiceMachine::unapplied() const noexcept {
    ChangedFiles all = changed_;
    all.config |= reconfigure_running_;
    return all;
}

void ServiceMachine::failed(Actions& out, const std::string& why, SteadyTime now) {
    const auto wait = backoff_.next(entropy_);
    out.push_back(Say{"SV", fmt::format("Service failed, {}: {}", when(wait), why)});
    restart_after_ = now + wait;
}

void ServiceMachine::now_down(Actions& out) {
    initialized_ = false;
    stop_timeout_override_.reset();
    changed_ = {};
    if (finished_) {
        enter(out, ServicePhase::finished);
    } else {
        enter(out, restart_after_ ? ServicePhase::backoff : ServicePhase::down);
    }
}

Actions ServiceMachine::timer_fired(MachineTimer timer, SteadyTime now) {
    Actions out;
    switch (timer) {
        case MachineTimer::kill:
            if (phase_ == ServicePhase::stopping && pid_) {
                out.push_back(
                    Say{"SV",
                        fmt::format("Service did not stop in time, killing it (PID: {})", *pid_)});
                out.push_back(SignalProcess{*pid_, SIGKILL});
            }
            break;
        case MachineTimer::cooldown:
            if (phase_ == ServicePhase::up) backoff_.reset();
            break;
        case MachineTimer::ready:
            if (phase_ == ServicePhase::up) out.push_back(RunHook{Hook::ready});
            break;
        case MachineTimer::again:
            if (!finished_) break;
            if (phase_ != ServicePhase::finished) {  // its post-stop hook still runs
                out.push_back(SetTimer{MachineTimer::again, now + std::chrono::seconds(1)});
                break;
            }
            forget_finish(out);
            enter(out, ServicePhase::down, "its time has come");
            break;
        case MachineTimer::drain:
            if (phase_ != ServicePhase::draining) break;
            out.push_back(CancelHook{Hook::pre_stop});
            out.push_back(Say{"HK", "The pre-stop hook did not end in time and was killed"});
            enter(out, ServicePhase::stopping);
            send_stop(out, now);
            break;
        case MachineTimer::post_run:
            if (phase_ == ServicePhase::up) out.push_back(RunHook{Hook::post_run});
            break;
    }
    return out;
}

Actions ServiceMachine::files_changed(const ChangedFiles& changed) {
    // A process that is not there yet gets the new files anyway.
    if (phase_ == ServicePhase::up || phase_ == ServicePhase::starting ||
        phase_ == ServicePhase::initializing) {
        changed_.config |= changed.config;
        changed_.start_hooks |= changed.start_hooks;
        changed_.reconfigure_hook |= changed.reconfigure_hook;
    }
    return {};
}

}  // namespace hab::supervisor
