// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service.hpp"

#include <fmt/format.h>
#include <hab/abi/topology.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "base/fail_point.hpp"
#include "base/files.hpp"
#include "supervisor/service_memory.hpp"

namespace hab::supervisor {

namespace asio = boost::asio;

namespace {

ServicePackage package_of(const Surroundings& around, const ServiceSpec& spec,
                          const package::InstalledPackage& package, ServiceUser& user) {
    user = around.users.choose(package.meta().read_or_empty(package::metafile::svc_user),
                               package.meta().read_or_empty(package::metafile::svc_group),
                               package.ident().to_string());
    return load_service_package(package, around.store, spec.config_from, user, spec.service());
}

/// A topology that keeps changing its mind in one round is broken; the loop must not follow it for
/// ever.
constexpr int longest_round = 16;

}  // namespace

Service::Service(const Surroundings& around, ServiceSpec spec, std::filesystem::path spec_file,
                 const package::InstalledPackage& package)
    : around_(around),
      spec_(std::move(spec)),
      spec_file_(std::move(spec_file)),
      package_(package_of(around_, spec_, package, user_)),
      tree_(around_.store.paths().svc(spec_.service())),
      default_toml_(package_.templates / "default.toml"),
      group_(spec_.service_group().to_string()),
      machine_(machine_settings(), around_.entropy),
      topology_(around_.plugins.topology(spec_.topology)),
      health_(package_.hooks.contains(Hook::health_check), spec_.health_check_interval),
      health_timer_(around_.loop),
      topology_timer_(around_.loop),
      render_timer_(around_.loop),
      state_entered_(around_.clock.wall()),
      state_since_(around_.clock.now()),
      ring_timer_(around_.loop) {
    prepare_service_tree(tree_, user_);
    fail_point("service.tree", spec_.service());
    files_ = std::make_unique<ServiceFiles>(package_, tree_, user_, around_.plugins,
                                            around_.store.paths().user_config(spec_.service()),
                                            ring_layer());
    restore_memory();
}

void Service::restore_memory() {
    const auto memory = memory_from_text(around_.launcher.remembered(spec_.service()));
    if (!memory.started) return;
    machine_.restore(memory.restarts, memory.backoff);
    was_starting_ = memory.starting;
    last_process_ = memory.last_process;
    was_ready_ = memory.ready;
    was_finished_ = memory.finished && spec_.runs_once();
    was_due_ = memory.next_run;
    was_unapplied_.config = memory.config_changed;
    was_unapplied_.start_hooks = memory.start_hooks_changed;
    post_stop_was_due_ = memory.post_stop_due;
}

void Service::restore_finished() {
    feed(machine_.restore_finished(was_due_));
}

void Service::remember() {
    ServiceMemory memory;
    memory.starting = machine_.phase() == ServicePhase::starting;
    memory.restarts = machine_.restarts();
    memory.backoff = machine_.backoff();
    memory.last_process = last_process_;
    memory.ready = machine_.ready();
    memory.finished = machine_.finished();
    const auto unapplied = machine_.unapplied();
    const bool unsure = rendering_ || half_written_;
    memory.config_changed = unsure || unapplied.config || unapplied.reconfigure_hook;
    memory.start_hooks_changed = unsure || unapplied.start_hooks;
    memory.post_stop_due = machine_.phase() == ServicePhase::post_stop;
    memory.next_run = machine_.next_run();
    around_.launcher.remember(spec_.service(), to_text(memory));
}

Service::~Service() {
    for (auto& [hook, process] : hooks_running_)
        process->cancel();
    for (const auto& pump : {out_, err_, ready_pipe_}) {
        if (pump) pump->stop();
    }
}

MachineSettings Service::machine_settings() const {
    MachineSettings settings;
    for (const auto& [hook, path] : package_.hooks)
        settings.hooks.push_back(hook);
    settings.process_user = fmt::format("user={}, group={}", user_.user, user_.group);
    settings.stop_timeout = spec_.shutdown_timeout ? std::chrono::seconds(*spec_.shutdown_timeout)
                                                   : package_.state.shutdown_timeout;
    settings.stop_signal = package_.stop_signal;
    settings.readiness = package_.readiness();
    settings.run_once = spec_.runs_once();
    settings.every = spec_.every;
    settings.backoff = around_.backoff;
    settings.cooldown = around_.cooldown;
    return settings;
}

void Service::begin(std::optional<OwnedProcess> process) {
    causes_.fact = causes_.asked;
    say(LineSource::supervisor, "SR",
        fmt::format("Starting {} ({})", spec_.ident.to_string(), package_.state.ident));
    warn_of_config();
    // A group may be older than this object: kept over a new spec, or found again.
    oom_seen_ = limits().empty() ? 0 : around_.groups.oom_kills(spec_.service());
    if (around_.ring != nullptr) take_from_ring();
    (void)look_at_ring();
    announce_later();
    if (process) {
        may_start_ = true;
        adopt(std::move(*process));
        renew_files();
    } else {
        // The first rendering decides whether the service can be run at all.
        if (!binds_ready()) {
            awaits_binds_ = true;
            say_bind_complaints();
        } else if (checks_config()) {
            ask_config_check();
        } else {
            first_render();
        }
        if (post_stop_was_due_) feed(machine_.restore_post_stop());
    }
    if (was_finished_ && !machine_.pid()) restore_finished();
    step();
}

void Service::adopt(OwnedProcess process) {
    const auto pid = process.pid;
    const auto ended = process.ended;
    state_entered_ = process.started;
    take_pipes(process);
    say(LineSource::supervisor, "SR", fmt::format("Reattaching to {} (PID: {})", group_, pid));
    (void)prepare_groups();
    write_pid_file(pid);
    feed(machine_.reattached(pid, around_.clock.now(), was_ready_, was_starting_));
    feed(machine_.files_changed(was_unapplied_));
    state_entered_ = process.started;
    causes_.fact = around_.events.publish(ProcessStarted{spec_.service(), pid, true});
    if (ended) process_exited(pid, *ended);
}

void Service::hurry() {
    const auto phase = machine_.phase();
    if (phase != ServicePhase::draining && phase != ServicePhase::stopping) return;
    causes_.fact = causes_.asked;
    feed(machine_.stop("asked to stop", around_.clock.now()));
}

void Service::set_desired(bool up, std::optional<std::chrono::seconds> timeout, AtRest at_rest) {
    spec_.desired_up = up;
    if (at_rest) rest_callbacks_.push_back(std::move(at_rest));
    if (!up) machine_.set_stop_timeout(timeout);
    announce_later();
    hurry();
    step();
    if (spec_.runs_once() && machine_.at_rest()) remember();  // it may run again from now on
}

void Service::shut_down(std::optional<std::chrono::seconds> timeout, AtRest at_rest) {
    ending_ = true;
    if (at_rest) rest_callbacks_.push_back(std::move(at_rest));
    if (timeout) machine_.set_stop_timeout(timeout);
    hurry();
    step();
}

TopologyView Service::topology_view() const {
    TopologyView view;
    view.group = group_;
    view.ident = package_.state.ident;
    view.member_id = around_.system.member_id;
    view.address = around_.system.ip;
    view.desired_up = spec_.desired_up;
    view.shutting_down = ending_;
    view.binds_ready = binds_ready();
    view.health = health_.health();
    view.state_since = state_since_;
    for (const auto& [hook, history] : hook_history_)
        view.hooks.push_back(history);
    return view;
}

void Service::step() {
    if (stepping_) {
        step_again_ = true;
        return;
    }
    stepping_ = true;
    int rounds = 0;
    do {
        step_again_ = false;
        try {
            apply(topology_.step(machine_, topology_view(), around_.clock.now()));
        } catch (const Error& error) {
            say(LineSource::supervisor, "SR",
                fmt::format("topology {}: {}", spec_.topology, error.message()));
        }
        // Whatever a topology thinks of it: what the operator wants down goes down.
        if (!wanted() && (machine_.phase() == ServicePhase::up || machine_.restart_after() ||
                          machine_.finished())) {
            causes_.fact = causes_.asked;
            feed(machine_.stop("asked to stop", around_.clock.now()));
        }
    } while (step_again_ && ++rounds < longest_round);
    stepping_ = false;
    if (announced_initialized_ != machine_.initialized()) announce_later();
    announce_rest();
}

void Service::apply(const plugin::TopologyOutput& output) {
    topology_timer_.cancel();
    const std::string reason = output.wait ? output.wait->reason : std::string();
    if (reason != waiting_for_) {
        waiting_for_ = reason;
        if (!reason.empty()) say(LineSource::supervisor, "SR", reason);
    }
    if (output.wait && output.wait->until_ms != 0) {
        arm(topology_timer_, SteadyTime(std::chrono::milliseconds(output.wait->until_ms)),
            [](Service& self) { self.step(); });
    }
    for (const auto& action : output.actions)
        apply(action);
}

void Service::apply(const plugin::TopologyAction& action) {
    const auto now = around_.clock.now();
    switch (action.action) {
        case HAB_ACTION_INIT:
            causes_.fact = causes_.of_start();
            if (wanted() && may_start_) feed(machine_.init(action.detail));
            break;
        case HAB_ACTION_START:
            causes_.fact = causes_.of_start();
            if (wanted() && may_start_) feed(machine_.start(action.detail));
            break;
        case HAB_ACTION_STOP:
            causes_.fact = causes_.asked;
            feed(machine_.stop(action.detail, now));
            break;
        case HAB_ACTION_RESTART:
            causes_.fact = machine_.changed() ? causes_.rendered : causes_.asked;
            feed(machine_.restart(action.detail, now));
            break;
        case HAB_ACTION_RECONFIGURE:
            feed(machine_.reconfigure());
            break;
        case HAB_ACTION_RENDER:
            renew_files();
            break;
        case HAB_ACTION_HOOK:
            if (const auto hook = hook_from_name(action.detail);
                hook && package_.hooks.contains(*hook)) {
                perform(RunHook{*hook});
            }
            break;
        default:
            say(LineSource::supervisor, "SR",
                fmt::format("topology {} asked for action {}, which is not offered here",
                            spec_.topology, action.action));
    }
}

void Service::feed(const Actions& actions) {
    for (const auto& action : actions) {
        std::visit([this](const auto& body) { perform(body); }, action);
    }
    if (!actions.empty()) step();
}

void Service::announce_rest() {
    if (rest_callbacks_.empty() || !machine_.at_rest() || wanted()) return;
    // Later, because a callback may end this object.
    for (auto& callback : std::exchange(rest_callbacks_, {})) {
        asio::post(around_.loop, std::move(callback));
    }
}

void Service::process_exited(std::int64_t pid, const ExitStatus& status) {
    fail_point("service.exited", spec_.service());
    if (machine_.pid() != pid) {
        around_.launcher.forget(pid);
        return;
    }
    drop_pipes();
    std::error_code ignored;
    std::filesystem::remove(tree_.pid_file(), ignored);
    last_process_ = LastProcess{pid, status.text(), around_.clock.wall()};
    look_for_oom();
    end_group_members();
    // One that was told to end did not end by itself.
    causes_.fact = around_.events.publish(ProcessExited{spec_.service(), pid, status},
                                          std::exchange(causes_.signalled, 0));
    feed(machine_.process_exited(status, around_.clock.now()));
    remember();
    // Last: until then a successor hears of this end, too, and does what we did not come to.
    around_.launcher.forget(pid);
    fail_point("service.forgotten", spec_.service());
}

void Service::later(std::function<void(Service&)> work) {
    asio::post(around_.loop, [weak = weak_from_this(), work = std::move(work)] {
        if (const auto self = weak.lock()) work(*self);
    });
}

void Service::arm(asio::steady_timer& timer, SteadyTime at, std::function<void(Service&)> work) {
    timer.expires_at(at);
    timer.async_wait(
        [weak = weak_from_this(), work = std::move(work)](const boost::system::error_code& error) {
            if (error) return;
            if (const auto self = weak.lock()) work(*self);
        });
}

void Service::say(LineSource source, std::string_view key, std::string_view text) {
    around_.events.publish(LogLine{source, group_, std::string(key), std::string(text)});
}

}  // namespace hab::supervisor
