// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/service_json.hpp"

#include <array>

#include "package/ident.hpp"
#include "supervisor/http/fields.hpp"
#include "supervisor/line_splitter.hpp"

namespace hab::supervisor::http {

namespace {

Value duration(std::chrono::seconds seconds) {
    return Fields().add("secs", static_cast<std::int64_t>(seconds.count())).add("nanos", 0);
}

Value ident_json(const package::Ident& ident) {
    return Fields()
        .add("origin", ident.origin)
        .add("name", ident.name)
        .add("version", text_or_null(ident.version))
        .add("release", text_or_null(ident.release));
}

Value ident_json(const std::string& text) {
    const auto ident = package::Ident::try_parse(text);
    return ident ? ident_json(*ident) : Value();
}

// Nothing listens there before there is a ring; templates see the same.
constexpr const char* gossip_address = "0.0.0.0";
constexpr std::int64_t gossip_port = 9638;

Value bind_list(const std::optional<PackageState>& pkg) {
    Array list;
    if (!pkg) return list;
    for (const package::Bind& bind : pkg->binds)
        list.push_back(Fields().add("service", bind.name).add("exports", texts(bind.exports)));
    return list;
}

/// Mixed case here, upper case in /health: as upstream.
std::string_view health_word(Health health) noexcept {
    switch (health) {
        case Health::ok:
            return "Ok";
        case Health::warning:
            return "Warning";
        case Health::critical:
            return "Critical";
        case Health::unknown:
            break;
    }
    return "Unknown";
}

Value hooks_json(const std::map<std::string, HookState>& hooks) {
    struct Name {
        const char* json;
        std::string_view hook;
    };
    static constexpr std::array<Name, 11> names{{{"health_check", "health-check"},
                                                 {"init", "init"},
                                                 {"file_updated", "file-updated"},
                                                 {"reconfigure", "reconfigure"},
                                                 {"suitability", "suitability"},
                                                 {"run", "run"},
                                                 {"post_run", "post-run"},
                                                 {"post_stop", "post-stop"},
                                                 {"ready", "ready"},
                                                 {"pre_stop", "pre-stop"},
                                                 {"config_check", "config-check"}}};
    Fields fields;
    for (const Name& name : names) {
        const auto found = hooks.find(std::string(name.hook));
        if (found == hooks.end()) {
            fields.add(name.json, Value());
            continue;
        }
        const HookState& hook = found->second;
        fields.add(name.json, Fields()
                                  .add("render_pair", hook.path)
                                  .add("stdout_log_path", hook.stdout_log)
                                  .add("stderr_log_path", hook.stderr_log));
    }
    return fields;
}

Value package_json(const PackageState& pkg) {
    Array deps;
    for (const std::string& dependency : pkg.dependencies)
        deps.push_back(ident_json(dependency));
    return Fields()
        .add("ident", pkg.ident)
        .add("origin", pkg.origin)
        .add("name", pkg.name)
        .add("version", pkg.version)
        .add("release", pkg.release)
        .add("deps", std::move(deps))
        .add("dependencies", texts(pkg.dependencies))
        .add("env", text_object(pkg.env))
        .add("exposes", texts(pkg.exposes))
        .add("exports", text_object(pkg.exports))
        .add("path", pkg.path)
        .add("svc_path", pkg.svc_path)
        .add("svc_config_path", pkg.svc_config_path)
        .add("svc_data_path", pkg.svc_data_path)
        .add("svc_files_path", pkg.svc_files_path)
        .add("svc_static_path", pkg.svc_static_path)
        .add("svc_var_path", pkg.svc_var_path)
        .add("svc_pid_file", pkg.svc_pid_file)
        .add("svc_run", pkg.svc_run)
        .add("svc_user", pkg.svc_user)
        .add("svc_group", pkg.svc_group)
        .add("shutdown_signal", pkg.shutdown_signal)
        .add("shutdown_timeout", static_cast<std::int64_t>(pkg.shutdown_timeout.count()));
}

Value process_json(const ServiceSnapshot& service) {
    return Fields()
        .add("pid", or_null(service.pid))
        .add("state", service.process_up() ? "up" : "down")
        .add("state_entered", epoch_seconds(service.state_entered));
}

Value last_process_json(const std::optional<LastProcess>& last) {
    if (!last) return {};
    return Fields()
        .add("pid", last->pid)
        .add("termination_reason", last->termination_reason)
        .add("terminated_at", epoch_seconds(last->terminated_at));
}

Value system_json(const SystemState& system) {
    return Fields()
        .add("version", system.version)
        .add("member_id", system.member_id)
        .add("ip", system.ip)
        .add("hostname", system.hostname)
        .add("gossip_ip", gossip_address)
        .add("gossip_port", gossip_port)
        .add("permanent", false)
        .add("http_gateway_ip", system.http_gateway_ip)
        .add("http_gateway_port", static_cast<std::int64_t>(system.http_gateway_port))
        .add("ctl_gateway_ip", system.ctl_gateway_ip)
        .add("ctl_gateway_port", static_cast<std::int64_t>(system.ctl_gateway_port));
}

Value paths_json(const SupervisorPaths& paths) {
    return Fields()
        .add("sup_root", paths.sup_root)
        .add("data_path", paths.data_path)
        .add("specs_path", paths.specs_path)
        .add("member_id_file", paths.member_id_file)
        .add("proc_lock_file", paths.proc_lock_file);
}

/// As they are written in a spec file; null: none.
Value limits_json(const package::ServiceLimits& limits) {
    Fields fields;
    for (const auto name : package::service_limit_names) {
        const auto value =
            package::find_limit(limits, name)->value_or(package::ServiceLimits::none);
        fields.add(std::string(name), value == package::ServiceLimits::none
                                          ? Value()
                                          : Value(package::limit_text(name, value)));
    }
    return fields;
}

void add_process_fields(Fields& fields, const ServiceSnapshot& service, bool redacted) {
    fields.add("process", process_json(service))
        .add("last_process_state", last_process_json(service.last_process))
        .add("restart_count", static_cast<std::int64_t>(service.restart_count))
        .add("next_restart_at",
             service.next_restart_at ? epoch_seconds(*service.next_restart_at) : Value())
        .add("restart_config", Fields()
                                   .add("min_backoff_period", duration(service.min_backoff))
                                   .add("max_backoff_period", duration(service.max_backoff))
                                   .add("cooldown_period", duration(service.cooldown)))
        .add("initialized", service.initialized)
        // Both speak of a moment between a change and its use, which does not exist here.
        .add("user_config_updated", false)
        .add("last_election_status", "None")
        // Own fields: why a service is not up is what people ask first.
        .add("phase", to_string(service.phase))
        .add("ready", service.ready)
        .add("ready_since", service.ready_since ? epoch_seconds(*service.ready_since) : Value())
        .add("limits", limits_json(service.limits.limits))
        .add("limits_not_enforced", texts(service.limits.not_enforced))
        .add("oom_kills", static_cast<std::int64_t>(service.limits.oom_kills))
        .add("waiting_for", text_or_null(service.waiting_for))
        .add("failure", text_or_null(service.failure))
        .add("config_refused", redacted ? Value() : text_or_null(service.config_refused));
}

}  // namespace

Value service_json(const ServiceSnapshot& service, const SystemState& system,
                   const SupervisorPaths& paths, bool redacted) {
    Fields fields;
    fields.add("service_group", service.group)
        .add("spec_file", service.spec_file)
        .add("spec_identifier", service.spec_ident)
        .add("spec_ident", ident_json(service.spec_ident))
        .add("bldr_url", service.bldr_url)
        .add("channel", service.channel)
        .add("config_from", or_null(service.config_from))
        .add("topology", service.topology)
        .add("update_strategy", service.update_strategy)
        .add("update_condition", service.update_condition)
        .add("all_pkg_binds", bind_list(service.pkg))
        .add("binding_mode", service.binding_mode)
        .add("binds", texts(service.binds))
        .add("desired_state", service.desired_up ? "Up" : "Down")
        .add("health_check", health_word(service.health.health))
        .add("health_check_interval", duration(service.health_check_interval))
        .add("hooks", hooks_json(service.hooks));
    add_process_fields(fields, service, redacted);
    fields.add("svc_encrypted_password", Value());
    fields.add("pkg", service.pkg ? package_json(*service.pkg) : Value());
    if (!redacted) fields.add("cfg", service.cfg ? *service.cfg : Value(Object()));
    fields.add("manager_fs_cfg", paths_json(paths)).add("sys", system_json(system));
    return fields;
}

Value health_json(const HealthReport& report) {
    return Fields()
        .add("status", to_string(report.health))
        .add("stdout", printable(report.out))
        .add("stderr", printable(report.err));
}

}  // namespace hab::supervisor::http
