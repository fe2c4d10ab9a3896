// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/event_json.hpp"

#include <fmt/format.h>

#include "supervisor/http/fields.hpp"
#include "supervisor/line_splitter.hpp"

namespace hab::supervisor::http {

namespace {

Value text(const std::string& bytes) {
    return printable(bytes);
}

std::string_view source_word(LineSource source) noexcept {
    switch (source) {
        case LineSource::service_out:
            return "service_out";
        case LineSource::service_err:
            return "service_err";
        case LineSource::hook:
            return "hook";
        case LineSource::supervisor:
            break;
    }
    return "supervisor";
}

/// Events come faster than seconds.
std::string rfc3339_millis(WallTime time) {
    std::string out = rfc3339_utc(time);
    const auto since = time.time_since_epoch();
    const auto millis = since - std::chrono::floor<std::chrono::seconds>(since);
    out.insert(out.size() - 1, fmt::format(".{:03}", millis.count()));
    return out;
}

/// The fields that only this type of event has.
struct Describe {
    Fields& out;
    bool redacted;

    void operator()(const ServiceLoaded& e) const {
        out.add("group", e.group).add("ident", e.ident);
    }
    void operator()(const ServiceUnloaded&) const {}
    void operator()(const PhaseChanged& e) const {
        out.add("from", to_string(e.from)).add("to", to_string(e.to)).add("reason", text(e.reason));
    }
    void operator()(const ProcessStarted& e) const {
        out.add("pid", e.pid).add("reattached", e.reattached);
    }
    void operator()(const ProcessExited& e) const {
        out.add("pid", e.pid);
        status(e.status);
        out.add("text", e.status.text());
    }
    void operator()(const HookStarted& e) const { out.add("hook", e.hook).add("pid", e.pid); }
    void operator()(const HookEnded& e) const {
        out.add("hook", e.hook);
        status(e.status);
        out.add("timed_out", e.timed_out).add("pid", e.pid).add("duration_ms", e.duration.count());
    }
    void operator()(const HealthChanged& e) const {
        out.add("from", to_string(e.from)).add("to", to_string(e.to));
    }
    void operator()(const BecameReady& e) const { out.add("pid", e.pid); }
    void operator()(const ConfigRendered& e) const {
        out.add("changed", texts(e.changed))
            .add("rendered", texts(e.rendered))
            .add("skipped", texts(e.skipped))
            .add("written", texts(e.written));
    }
    void operator()(const ConfigRefused& e) const {
        if (!redacted) out.add("reason", text(e.reason));
    }
    void operator()(const InputChanged& e) const {
        Array changes;
        for (const InputChange& change : e.changes) {
            Fields fields;
            fields.add("path", change.path).add("origin", change.origin);
            if (!redacted)
                fields.add("before", text(change.before)).add("after", text(change.after));
            changes.push_back(fields);
        }
        out.add("changes", std::move(changes));
    }
    void operator()(const CommandReceived& e) const {
        out.add("command", text(e.command)).add("by", text(e.by));
    }
    void operator()(const ProcessSignalled& e) const {
        out.add("pid", e.pid).add("signal", e.signal);
    }
    void operator()(const LogLine& e) const {
        out.add("source", source_word(e.source))
            .add("preamble", text(e.preamble))
            .add("key", e.key)
            .add("text", text(e.text));
    }
    void operator()(const SupervisorStopping& e) const {
        out.add("services_stay", e.services_stay);
    }
    void operator()(const MemberChanged& e) const {
        out.add("member", e.member)
            .add("address", e.address)
            .add("health", e.health)
            .add("incarnation", integer(e.incarnation));
    }
    void operator()(const LeaderChanged& e) const {
        out.add("group", e.group)
            .add("role", e.role)
            .add("member", text_or_null(e.member))
            .add("term", integer(e.term));
    }

private:
    void status(const ExitStatus& status) const {
        out.add("code", status.code).add("signal", status.signal);
    }
};

struct TypeName {
    std::string_view operator()(const ServiceLoaded&) const { return "service_loaded"; }
    std::string_view operator()(const ServiceUnloaded&) const { return "service_unloaded"; }
    std::string_view operator()(const PhaseChanged&) const { return "phase"; }
    std::string_view operator()(const ProcessStarted&) const { return "process_started"; }
    std::string_view operator()(const ProcessExited&) const { return "process_exited"; }
    std::string_view operator()(const HookStarted&) const { return "hook_started"; }
    std::string_view operator()(const HookEnded&) const { return "hook_ended"; }
    std::string_view operator()(const HealthChanged&) const { return "health"; }
    std::string_view operator()(const BecameReady&) const { return "ready"; }
    std::string_view operator()(const ConfigRendered&) const { return "config_rendered"; }
    std::string_view operator()(const ConfigRefused&) const { return "config_refused"; }
    std::string_view operator()(const InputChanged&) const { return "input_changed"; }
    std::string_view operator()(const CommandReceived&) const { return "command"; }
    std::string_view operator()(const ProcessSignalled&) const { return "process_signalled"; }
    std::string_view operator()(const LogLine&) const { return "log"; }
    std::string_view operator()(const SupervisorStopping&) const { return "stopping"; }
    std::string_view operator()(const MemberChanged&) const { return "member"; }
    std::string_view operator()(const LeaderChanged&) const { return "leader"; }
};

struct ServiceName {
    template <typename Body>
    std::string_view operator()(const Body& body) const {
        if constexpr (requires { body.service; }) return body.service;
        return {};
    }
    /// "nginx.default", "nginx.default hook[run]:"; the supervisor's own are "hab-sup".
    std::string_view operator()(const LogLine& line) const {
        const std::string_view preamble = line.preamble;
        const auto dot = preamble.find('.');
        return dot == std::string_view::npos ? std::string_view() : preamble.substr(0, dot);
    }
};

}  // namespace

std::string_view event_type(const EventBody& body) noexcept {
    return std::visit(TypeName{}, body);
}

std::string_view event_service(const EventBody& body) noexcept {
    return std::visit(ServiceName{}, body);
}

Value event_json(const Event& event, bool redacted) {
    Fields out;
    out.add("generation", integer(event.generation))
        .add("time", rfc3339_millis(event.time))
        .add("type", event_type(event.body));
    if (event.cause != 0) out.add("cause", integer(event.cause));
    const auto service = event_service(event.body);
    if (!service.empty()) out.add("service", service);
    std::visit(Describe{out, redacted}, event.body);
    return out;
}

}  // namespace hab::supervisor::http
