// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service.hpp"
#include "supervisor/spec_snapshot.hpp"

namespace hab::supervisor {

ServiceSnapshot spec_snapshot(const ServiceSpec& spec, const std::filesystem::path& file) {
    ServiceSnapshot out;
    out.name = spec.service();
    out.group = spec.service_group().to_string();
    out.spec_ident = spec.ident.to_string();
    out.spec_file = file.string();
    out.bldr_url = spec.bldr_url;
    out.channel = spec.channel;
    out.topology = spec.topology;
    out.update_strategy = spec.update_strategy;
    out.update_condition = spec.update_condition;
    out.binding_mode = spec.binding_mode;
    for (const auto& bind : spec.binds)
        out.binds.push_back(bind.to_string());
    out.config_from = spec.config_from;
    out.spec_shutdown_timeout = spec.shutdown_timeout;
    out.desired_up = spec.desired_up;
    out.health_check_interval = spec.health_check_interval;
    out.limits.limits = spec.limits;
    out.cfg = std::make_shared<const Value>(Object());
    return out;
}

ServiceSnapshot Service::snapshot() const {
    ServiceSnapshot out = spec_snapshot(spec_, spec_file_);
    out.phase = machine_.phase();
    out.waiting_for = waiting_for_;
    if (awaits_binds_) {
        for (const std::string& sentence : bind_complaints_)
            out.waiting_for += " " + sentence;
    } else if (!may_start_) {
        out.waiting_for = config_refused_.empty()
                              ? "Waiting for the config-check hook"
                              : "The configuration was refused: " + config_refused_;
    }
    out.config_refused = config_refused_;
    out.pkg = package_.state;
    out.pid = machine_.pid();
    out.state_entered = state_entered_;
    out.initialized = machine_.initialized();
    out.ready = machine_.ready();
    out.ready_since = ready_since_;
    out.health = health_report_;
    out.health.health = health_.health();
    for (const auto& [hook, path] : package_.hooks) {
        const std::string name(to_string(hook));
        out.hooks[name] = HookState{path, (tree_.hooks() / name).string(),
                                    (tree_.logs() / (name + ".stdout.log")).string(),
                                    (tree_.logs() / (name + ".stderr.log")).string()};
    }
    out.cfg = files_->shown_cfg();
    out.restart_count = machine_.restarts();
    if (machine_.restart_after()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            *machine_.restart_after() - around_.clock.now());
        out.next_restart_at = around_.clock.wall() + left;
    }
    if (machine_.next_run()) {
        out.next_restart_at =
            around_.clock.wall() + std::chrono::duration_cast<std::chrono::milliseconds>(
                                       *machine_.next_run() - around_.clock.now());
    }
    out.last_process = last_process_;
    out.failure = oom_failure_;
    out.limits.limits = limits();
    out.limits.not_enforced = not_enforced_;
    if (!out.limits.limits.empty()) {
        out.limits.oom_kills = around_.groups.oom_kills(spec_.service());
    }
    using std::chrono::duration_cast;
    out.min_backoff = duration_cast<std::chrono::seconds>(around_.backoff.minimum);
    out.max_backoff = duration_cast<std::chrono::seconds>(around_.backoff.maximum);
    out.cooldown = duration_cast<std::chrono::seconds>(around_.cooldown);
    return out;
}

}  // namespace hab::supervisor
