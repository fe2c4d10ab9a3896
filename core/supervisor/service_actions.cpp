// SPDX-License-Identifier: Apache-2.0
// The actions of the state machine, done to the world.
#include <fmt/format.h>
#include <signal.h>

#include <utility>

#include "base/fail_point.hpp"
#include "base/files.hpp"
#include "supervisor/service.hpp"

namespace hab::supervisor {

namespace {

/// What is kept of a config-check hook's output, for /services.
constexpr std::size_t shown_lines = 5;

/// Nothing else tries again what these do: if they never ran, the process would stay with the old
/// configuration.
bool must_run(Hook hook) {
    return hook == Hook::reconfigure || hook == Hook::config_check;
}

bool has_process(ServicePhase phase) {
    return phase == ServicePhase::up || phase == ServicePhase::draining ||
           phase == ServicePhase::stopping;
}

}  // namespace

HookCommand Service::hook_command(Hook hook) const {
    const std::string name(to_string(hook));
    HookCommand command;
    command.spec.argv = {(tree_.hooks() / name).string()};
    command.spec.env = service_environment(package_.state.env);
    command.spec.env[launcher::hook_variable] = name;
    command.spec.cwd = tree_.root;
    if (user_.change) command.spec.ids = sandbox::Ids{user_.uid, user_.gid, user_.groups};
    if (hook == Hook::config_check) {
        // The text of the hook is part of what is new.
        command.spec.argv = {(tree_.check() / "hooks" / name).string()};
        command.spec.env["HAB_CONFIG_CHECK_DIR"] = (tree_.check() / "config").string();
    }
    command.stdout_log = tree_.logs() / (name + ".stdout.log");
    command.stderr_log = tree_.logs() / (name + ".stderr.log");
    command.time_limit = time_limit(hook, spec_.health_check_interval);
    return command;
}

void Service::perform(const RunHook& action) {
    const Hook hook = action.hook;
    auto& history = hook_history_[hook];
    history.name = to_string(hook);
    history.running = true;
    if (const auto running = hooks_running_.find(hook); running != hooks_running_.end()) return;
    auto line = [weak = weak_from_this(), hook](std::string_view text) {
        if (const auto self = weak.lock()) {
            if (hook == Hook::config_check) {
                if (self->check_lines_.size() == shown_lines)
                    self->check_lines_.erase(self->check_lines_.begin());
                self->check_lines_.emplace_back(text);
            }
            self->around_.events.publish(LogLine{
                LineSource::hook, fmt::format("{} hook[{}]:", self->group_, to_string(hook)), "HK",
                std::string(text)});
        }
    };
    auto ended = [weak = weak_from_this(), hook](const HookResult& result) {
        if (const auto self = weak.lock()) self->hook_ended(hook, result);
    };
    try {
        fail_point("service.hook", to_string(hook));
        hooks_running_[hook] = HookProcess::start(around_.loop, hook_command(hook), line, ended);
        causes_.hooks[hook] = around_.events.publish(
            HookStarted{spec_.service(), std::string(to_string(hook)), hooks_running_[hook]->pid()},
            causes_.of_hook(hook));
        fail_point("service.hook_started", to_string(hook));
        hook_retries_.erase(hook);
    } catch (const Error& error) {
        hooks_running_.erase(hook);
        say(LineSource::supervisor, "HK",
            fmt::format("cannot run the {} hook: {}", to_string(hook), error.message()));
        if (must_run(hook) && is_of_the_disk(error)) {
            run_hook_later(hook);
            return;
        }
        HookResult failed;
        failed.status.code = 126;  // what a shell says for a command that cannot be executed
        later([hook, failed](Service& self) { self.hook_ended(hook, failed); });
    }
}

void Service::run_hook_later(Hook hook) {
    const auto at =
        hook_retries_.try_emplace(hook, HookRetry{boost::asio::steady_timer(around_.loop)});
    HookRetry& retry = at.first->second;
    arm(retry.timer, around_.clock.now() + retry.tries.next(around_.entropy),
        [hook](Service& self) { self.perform(RunHook{hook}); });
}

void Service::hook_ended(Hook hook, const HookResult& result) {
    fail_point("service.hook_ended", to_string(hook));
    hooks_running_.erase(hook);
    auto& history = hook_history_[hook];
    history.running = false;
    history.exit_code = result.status.ok() ? 0
                                           : (result.status.signal != 0 ? 128 + result.status.signal
                                                                        : result.status.code);
    ++history.runs;
    history.ended_ms = topology_ms(around_.clock.now());
    const auto ended = around_.events.publish(
        HookEnded{spec_.service(), std::string(to_string(hook)), result.status, result.timed_out,
                  result.pid, result.duration},
        std::exchange(causes_.hooks[hook], 0));
    if (hook == Hook::health_check) {
        const Health before = health_.health();
        const auto next = health_.hook_ended(result.status, result.timed_out, around_.clock.now(),
                                             around_.entropy);
        health_report_ = {health_.health(), result.out, result.err};
        health(next);
        publish_health(before, ended);
        step();
        return;
    }
    causes_.fact = ended;
    if (hook == Hook::config_check) {
        config_checked(result);
        step();
        return;
    }
    if (result.status.signal != 0) {
        say(LineSource::supervisor, "HK",
            fmt::format("{} {}", to_string(hook), result.status.text()));
    }
    feed(machine_.hook_ended(hook, result.status, result.timed_out, around_.clock.now()));
    if (hook == Hook::reconfigure || hook == Hook::post_stop) remember();
}

void Service::perform(const CancelHook& action) {
    const bool waited = hook_retries_.erase(action.hook) > 0;
    const auto running = hooks_running_.find(action.hook);
    if (running != hooks_running_.end()) {
        running->second->cancel();
        hooks_running_.erase(running);
    } else if (!waited) {
        return;
    }
    hook_history_[action.hook].running = false;
}

launcher::Spawn Service::spawn_request() {
    launcher::Spawn request;
    request.id = spec_.service();
    request.argv = {tree_.run().string()};
    for (const auto& [name, value] : service_environment(package_.state.env))
        request.env.push_back(name + "=" + value);
    request.env.push_back(std::string(launcher::service_variable) + "=" + spec_.service());
    request.cwd = tree_.root.string();
    request.switch_user = user_.change;
    request.uid = user_.uid;
    request.gid = user_.gid;
    request.ready_fd = package_.ready_fd;
    request.open_files = limits().open_files.value_or(package::ServiceLimits::none);
    request.control_groups = prepare_groups();
    request.groups.assign(user_.groups.begin(), user_.groups.end());
    return request;
}

void Service::perform(const SpawnProcess&) {
    fail_point("service.spawn", spec_.service());
    // A successor may find the new process, but not our note of the failure that led to it.
    if (last_process_) remember();
    around_.launcher.spawn(spawn_request(), [weak = weak_from_this(), &launcher = around_.launcher](
                                                OwnedProcess process, const Error* error) {
        const auto self = weak.lock();
        if (!self) {
            if (error == nullptr) launcher.signal(process.pid, SIGKILL);
            return;
        }
        if (error != nullptr) {
            self->later([what = error->message()](Service& service) {
                service.feed(service.machine_.spawn_failed(what, service.around_.clock.now()));
            });
        } else {
            self->started(std::move(process));
        }
    });
    fail_point("service.spawn_asked", spec_.service());
}

void Service::write_pid_file(std::int64_t pid) {
    WriteOptions options;
    options.durable = false;  // a process does not survive a crash of the machine either
    try {
        write_file_if_changed(tree_.pid_file(), std::to_string(pid), options);
    } catch (const Error& error) {
        say(LineSource::supervisor, "SV", error.message());
    }
}

void Service::started(OwnedProcess process) {
    const auto pid = process.pid;
    fail_point("service.spawned", spec_.service());
    take_pipes(process);
    write_pid_file(pid);
    causes_.fact =
        around_.events.publish(ProcessStarted{spec_.service(), pid, false}, causes_.phase);
    feed(machine_.process_started(pid, around_.clock.now()));
    remember();
    fail_point("service.started", spec_.service());
}

void Service::pump(UniqueFd fd, LineSource source, std::shared_ptr<OutputPump>& into) {
    if (into) into->drain_and_stop();
    const auto lines = std::make_shared<LineSplitter>();
    const auto emit = [weak = weak_from_this(), source](std::string_view text) {
        if (const auto self = weak.lock()) {
            self->say(source, source == LineSource::service_out ? "O" : "E", text);
        }
    };
    into = OutputPump::start(
        around_.loop, std::move(fd),
        [lines, emit](std::string_view bytes) { lines->feed(bytes, emit); },
        [lines, emit] { lines->end(emit); });
}

void Service::take_pipes(OwnedProcess& process) {
    pump(std::move(process.out), LineSource::service_out, out_);
    pump(std::move(process.err), LineSource::service_err, err_);
    if (!process.ready) return;
    // Any byte before the line end is the service's own business.
    const auto sink = [weak = weak_from_this()](std::string_view bytes) {
        const auto self = weak.lock();
        if (!self || bytes.find('\n') == std::string_view::npos) return;
        self->feed(self->machine_.notified());
    };
    ready_pipe_ = OutputPump::start(around_.loop, std::move(process.ready), sink, [] {});
}

void Service::drop_pipes() {
    for (auto* pump : {&out_, &err_, &ready_pipe_}) {
        if (*pump) (*pump)->drain_and_stop();
        pump->reset();
    }
}

void Service::perform(const SignalProcess& action) {
    fail_point("service.signal", spec_.service());
    std::error_code ignored;
    std::filesystem::remove(tree_.pid_file(), ignored);
    causes_.signalled = around_.events.publish(
        ProcessSignalled{spec_.service(), action.pid, action.signal}, causes_.fact);
    around_.launcher.signal(action.pid, action.signal);
    fail_point("service.signalled", spec_.service());
}

void Service::perform(const SetTimer& action) {
    auto& timer = timers_[action.timer];
    if (!timer) timer = std::make_unique<boost::asio::steady_timer>(around_.loop);
    arm(*timer, action.at, [which = action.timer](Service& self) {
        self.feed(self.machine_.timer_fired(which, self.around_.clock.now()));
        if (which == MachineTimer::cooldown) {
            self.oom_failure_.clear();
            self.remember();
        }
    });
}

void Service::perform(const CancelTimer& action) {
    if (const auto found = timers_.find(action.timer); found != timers_.end() && found->second) {
        found->second->cancel();
    }
}

void Service::perform(const ProcessIsUp&) {
    const Health before = health_.health();
    health(health_.started());
    if (!package_.hooks.contains(Hook::health_check)) health_report_ = {health_.health(), {}, {}};
    publish_health(before, causes_.fact);
}

void Service::perform(const ProcessIsDown&) {
    const Health before = health_.health();
    ready_since_.reset();
    perform(CancelHook{Hook::health_check});
    health_timer_.cancel();
    health_.stopped();
    health_report_ = {health_.health(), {}, {}};
    publish_health(before, causes_.fact);
}

void Service::perform(const ProcessIsReady&) {
    ready_since_ = around_.clock.wall();
    around_.events.publish(BecameReady{spec_.service(), machine_.pid().value_or(0)}, causes_.fact);
    if (machine_.readiness() != Readiness::process) say(LineSource::supervisor, "SR", "Ready");
    remember();
}

void Service::health(const HealthLoop::Step& step) {
    if (step.run) perform(RunHook{Hook::health_check});
    if (step.wait) {
        arm(health_timer_, *step.wait,
            [](Service& self) { self.health(self.health_.wait_over()); });
    }
}

void Service::publish_health(Health before, std::uint64_t cause) {
    if (health_.health() == before) return;
    around_.events.publish(HealthChanged{spec_.service(), before, health_.health()}, cause);
}

void Service::perform(const Say& action) {
    say(LineSource::supervisor, action.key, action.text);
}

void Service::perform(const EnterPhase& action) {
    const bool was_up = has_process(action.from);
    const bool is_up = has_process(action.to);
    if (was_up != is_up) {
        state_entered_ = around_.clock.wall();
        state_since_ = around_.clock.now();
    }
    causes_.fact = causes_.phase = around_.events.publish(
        PhaseChanged{spec_.service(), action.from, action.to, action.reason}, causes_.fact);
}

}  // namespace hab::supervisor
