// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/metrics.hpp"

#include <fmt/format.h>

#include <array>

#include "supervisor/http/process_usage.hpp"

namespace hab::supervisor::http {

namespace {

using Type = PrometheusText::Type;

constexpr std::array<double, 10> hook_bounds{0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300};
constexpr std::array<double, 8> gateway_bounds{0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 1};

constexpr std::array all_phases{ServicePhase::down,         ServicePhase::backoff,
                                ServicePhase::initializing, ServicePhase::starting,
                                ServicePhase::up,           ServicePhase::draining,
                                ServicePhase::stopping,     ServicePhase::post_stop,
                                ServicePhase::finished,     ServicePhase::failed};

/// Why a process was followed by another one.
std::string_view restart_reason(bool asked, bool by_command, const ExitStatus& status) {
    if (asked) return by_command ? "command" : "change";
    if (status.signal != 0) return "signal";
    return status.code != 0 ? "failure" : "exit";
}

double number(std::uint64_t value) {
    return static_cast<double>(value);
}

}  // namespace

/// What each kind of event adds to the counts of its service.
struct Metrics::Reader {
    ServiceCounts& counts;

    void operator()(const PhaseChanged& e) const {
        if (e.to == ServicePhase::draining || e.to == ServicePhase::stopping)
            counts.asked_to_end = true;
    }
    void operator()(const ProcessStarted& e) const {
        if (counts.had_process && !e.reattached) {
            const auto reason =
                restart_reason(counts.asked_to_end, counts.by_command, counts.last_end);
            ++counts.restarts[std::string(reason)];
        }
        counts.had_process = true;
        counts.asked_to_end = counts.by_command = false;
    }
    void operator()(const ProcessExited& e) const { counts.last_end = e.status; }
    void operator()(const HookEnded& e) const {
        const auto at = counts.hooks.try_emplace(e.hook, hook_bounds).first;
        at->second.observe(std::chrono::duration<double>(e.duration).count());
        // The number of a health check's exit is its answer, 0 to 3.
        const bool answers = e.hook == "health-check" && e.status.signal == 0 && e.status.code <= 3;
        if (e.timed_out || (!e.status.ok() && !answers)) ++counts.hook_failures[e.hook];
    }
    void operator()(const HealthChanged&) const { ++counts.health_changes; }
    void operator()(const ConfigRendered& e) const {
        ++counts.renders;
        counts.files_rendered += e.rendered.size();
        counts.files_written += e.written.size();
    }
    void operator()(const ConfigRefused&) const { ++counts.config_refusals; }
    void operator()(const InputChanged&) const {
        ++counts.config_generation;
        counts.by_command = false;  // a command that restarted nothing is not why the next one is
    }
    void operator()(const CommandReceived&) const { counts.by_command = true; }
    template <typename Other>
    void operator()(const Other&) const {}
};

Metrics::Metrics(EventStream& events, const Clock& clock)
    : events_(events),
      started_(clock.wall()),
      subscription_(events.subscribe([this](const Event& event) { on_event(event); })) {}

void Metrics::on_event(const Event& event) {
    if (const auto* gone = std::get_if<ServiceUnloaded>(&event.body)) {
        const auto found = services_.find(gone->service);
        if (found != services_.end()) services_.erase(found);
        return;
    }
    std::visit(
        [&](const auto& body) {
            if constexpr (requires { body.service; }) {
                Reader{services_[body.service]}(body);
            }
        },
        event.body);
}

void Metrics::answered(std::string_view route, unsigned status, SteadyTime::duration time) {
    auto found = routes_.find(route);
    if (found == routes_.end())
        found = routes_.emplace(route, RouteCounts{{}, Histogram(gateway_bounds)}).first;
    ++found->second.by_status[status];
    found->second.seconds.observe(std::chrono::duration<double>(time).count());
}

void Metrics::write_services(PrometheusText& out, const Moment& moment) const {
    std::map<ServicePhase, std::uint64_t> by_phase;
    for (const auto& service : moment.services)
        ++by_phase[service->phase];
    out.family("hab_services", Type::gauge, "Loaded services by state.");
    for (const auto phase : all_phases)
        out.sample({{"state", to_string(phase)}}, number(by_phase[phase]));

    struct Gauge {
        const char* name;
        const char* help;
        double (*value)(const ServiceSnapshot&);
    };
    static constexpr std::array<Gauge, 6> gauges{{
        {"hab_service_up", "Whether the service's process runs.",
         [](const ServiceSnapshot& s) { return s.process_up() ? 1.0 : 0.0; }},
        {"hab_service_desired_up", "Whether the operator wants it to run.",
         [](const ServiceSnapshot& s) { return s.desired_up ? 1.0 : 0.0; }},
        {"hab_service_ready", "Whether the process does its work.",
         [](const ServiceSnapshot& s) { return s.ready ? 1.0 : 0.0; }},
        {"hab_service_health", "Last health check: 0 ok, 1 warning, 2 critical, 3 unknown.",
         [](const ServiceSnapshot& s) { return static_cast<double>(s.health.health); }},
        {"hab_service_config_refused", "Whether its latest configuration is not in use.",
         [](const ServiceSnapshot& s) { return s.config_refused.empty() ? 0.0 : 1.0; }},
        {"hab_service_state_entered_seconds", "Since when it is up or down, Unix time.",
         [](const ServiceSnapshot& s) {
             return static_cast<double>(s.state_entered.time_since_epoch().count()) / 1000;
         }},
    }};
    for (const Gauge& gauge : gauges) {
        out.family(gauge.name, Type::gauge, gauge.help);
        for (const auto& service : moment.services)
            out.sample({{"service", service->name}, {"group", service->group}},
                       gauge.value(*service));
    }
    out.family("hab_service_oom_kills_total", Type::counter,
               "Processes of the service that were killed for want of memory.");
    for (const auto& service : moment.services)
        out.sample({{"service", service->name}}, number(service->limits.oom_kills));
}

void Metrics::write_usage(PrometheusText& out, const Moment& moment) const {
    std::vector<std::pair<std::string_view, ProcessUsage>> used;
    for (const auto& service : moment.services) {
        if (!service->pid) continue;
        if (const auto usage = process_usage(*service->pid))
            used.emplace_back(service->name, *usage);
    }
    out.family("hab_service_process_cpu_seconds_total", Type::counter,
               "Processor time of the service's main process, user and system.");
    for (const auto& [name, usage] : used)
        out.sample({{"service", name}}, usage.cpu_seconds);
    out.family("hab_service_process_resident_memory_bytes", Type::gauge,
               "Resident memory of the service's main process.");
    for (const auto& [name, usage] : used)
        out.sample({{"service", name}}, number(usage.resident_bytes));
}

void Metrics::write_counts(PrometheusText& out) const {
    out.family("hab_service_restarts_total", Type::counter,
               "Processes that followed another one, by what became of that one.");
    for (const auto& [name, counts] : services_) {
        for (const auto& [reason, count] : counts.restarts)
            out.sample({{"service", name}, {"reason", reason}}, number(count));
    }
    struct Counter {
        const char* name;
        Type type;
        const char* help;
        std::uint64_t ServiceCounts::* value;
    };
    static constexpr std::array<Counter, 6> counters{{
        {"hab_service_renders_total", Type::counter, "Times that templates were rendered.",
         &ServiceCounts::renders},
        {"hab_service_files_rendered_total", Type::counter, "Templates rendered.",
         &ServiceCounts::files_rendered},
        {"hab_service_files_written_total", Type::counter, "Rendered files that were replaced.",
         &ServiceCounts::files_written},
        {"hab_service_config_generation", Type::gauge,
         "Configurations since it was loaded, the first one included.",
         &ServiceCounts::config_generation},
        {"hab_service_config_refusals_total", Type::counter, "Configurations that were refused.",
         &ServiceCounts::config_refusals},
        {"hab_service_health_changes_total", Type::counter, "Changes of the health.",
         &ServiceCounts::health_changes},
    }};
    for (const Counter& counter : counters) {
        out.family(counter.name, counter.type, counter.help);
        for (const auto& [name, counts] : services_)
            out.sample({{"service", name}}, number(counts.*counter.value));
    }
}

void Metrics::write_hooks(PrometheusText& out) const {
    out.family("hab_hook_duration_seconds", Type::histogram, "How long hooks ran.");
    for (const auto& [name, counts] : services_) {
        for (const auto& [hook, seconds] : counts.hooks)
            out.sample({{"service", name}, {"hook", hook}}, seconds);
    }
    out.family("hab_hook_failures_total", Type::counter,
               "Hooks that failed or ran out of time; a health check's answer is no failure.");
    for (const auto& [name, counts] : services_) {
        for (const auto& [hook, count] : counts.hook_failures)
            out.sample({{"service", name}, {"hook", hook}}, number(count));
    }
}

void Metrics::write_gateway(PrometheusText& out, const Moment& moment) const {
    out.family("hab_http_requests_total", Type::counter, "Answers of the HTTP gateway.");
    for (const auto& [route, counts] : routes_) {
        for (const auto& [status, count] : counts.by_status)
            out.sample({{"route", route}, {"code", fmt::format("{}", status)}}, number(count));
    }
    out.family("hab_http_request_duration_seconds", Type::histogram,
               "Time to make an answer, without sending it.");
    for (const auto& [route, counts] : routes_)
        out.sample({{"route", route}}, counts.seconds);
    out.family("hab_http_connections", Type::gauge, "Open connections of the HTTP gateway.");
    out.sample({}, number(moment.connections));
    out.family("hab_http_event_readers", Type::gauge, "Clients that listen to /events.");
    out.sample({}, number(moment.event_readers));
}

void Metrics::write_process(PrometheusText& out) const {
    const ProcessUsage usage = process_usage(0).value_or(ProcessUsage{});
    struct Sample {
        const char* name;
        Type type;
        const char* help;
        double value;
    };
    const std::array<Sample, 6> samples{{
        {"process_cpu_seconds_total", Type::counter, "Processor time of the Supervisor.",
         usage.cpu_seconds},
        {"process_resident_memory_bytes", Type::gauge, "Resident memory of the Supervisor.",
         number(usage.resident_bytes)},
        {"process_virtual_memory_bytes", Type::gauge, "Address space of the Supervisor.",
         number(usage.virtual_bytes)},
        {"process_open_fds", Type::gauge, "Its open file descriptors.", number(open_descriptors())},
        {"process_max_fds", Type::gauge, "How many it may have.", number(most_descriptors())},
        {"process_start_time_seconds", Type::gauge, "When it was started, Unix time.",
         static_cast<double>(started_.time_since_epoch().count()) / 1000},
    }};
    for (const Sample& sample : samples) {
        out.family(sample.name, sample.type, sample.help);
        out.sample({}, sample.value);
    }
}

std::string Metrics::text(const Moment& moment) const {
    PrometheusText out;
    out.family("hab_build_info", Type::gauge, "Always 1; the version is in the label.");
    out.sample({{"version", moment.version}}, 1);
    out.family("hab_events_total", Type::counter, "Events of this Supervisor process.");
    out.sample({}, number(events_.generation()));
    write_services(out, moment);
    write_usage(out, moment);
    write_counts(out);
    write_hooks(out);
    write_gateway(out, moment);
    write_process(out);
    return out.take();
}

}  // namespace hab::supervisor::http
