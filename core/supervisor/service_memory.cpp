// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_memory.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace hab::supervisor {
namespace {

std::int64_t number(const Value& document, std::string_view path) {
    const Value* value = document.at_path(path);
    const auto* number = value != nullptr ? value->as_int() : nullptr;
    return number != nullptr ? std::max<std::int64_t>(0, *number) : 0;
}

bool flag(const Value& document, std::string_view path) {
    const Value* value = document.at_path(path);
    return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
}

std::int64_t in_ms(WallTime time) {
    using namespace std::chrono;
    return static_cast<std::int64_t>(duration_cast<milliseconds>(time.time_since_epoch()).count());
}

WallTime at_ms(const Value& document, std::string_view path) {
    return WallTime(std::chrono::milliseconds(number(document, path)));
}

std::string text_at(const Value& document, std::string_view path) {
    const Value* value = document.at_path(path);
    const auto* text = value != nullptr ? value->as_string() : nullptr;
    return text != nullptr ? *text : std::string();
}

}  // namespace

std::string to_text(const ServiceMemory& memory) {
    Object out;
    out.set("restarts", static_cast<std::int64_t>(memory.restarts));
    out.set("failures", static_cast<std::int64_t>(memory.backoff.failures));
    out.set("wait_ms", static_cast<std::int64_t>(memory.backoff.last_wait.count()));
    out.set("ready", memory.ready);
    out.set("finished", memory.finished);
    if (memory.starting) out.set("starting", true);
    if (memory.config_changed) out.set("config_changed", true);
    if (memory.start_hooks_changed) out.set("start_hooks_changed", true);
    if (memory.post_stop_due) out.set("post_stop_due", true);
    if (memory.next_run) {
        using namespace std::chrono;
        const auto next = duration_cast<milliseconds>(memory.next_run->time_since_epoch());
        out.set("next_ms", static_cast<std::int64_t>(next.count()));
    }
    if (memory.last_process) {
        Object last;
        last.set("pid", memory.last_process->pid);
        last.set("reason", memory.last_process->termination_reason);
        last.set("at_ms", in_ms(memory.last_process->terminated_at));
        out.set("last", std::move(last));
    }
    return to_json(Value(std::move(out)));
}

ServiceMemory memory_from_text(std::string_view text) {
    ServiceMemory memory;
    if (text.empty()) return memory;
    try {
        const Value document = parse_json(text, "the memory of a service");
        memory.started = true;
        memory.starting = flag(document, "starting");
        memory.restarts = static_cast<std::uint64_t>(number(document, "restarts"));
        memory.backoff.failures = static_cast<unsigned>(number(document, "failures"));
        memory.backoff.last_wait = std::chrono::milliseconds(number(document, "wait_ms"));
        memory.ready = flag(document, "ready");
        memory.finished = flag(document, "finished");
        memory.config_changed = flag(document, "config_changed");
        memory.start_hooks_changed = flag(document, "start_hooks_changed");
        memory.post_stop_due = flag(document, "post_stop_due");
        if (document.at_path("next_ms") != nullptr) {
            memory.next_run = SteadyTime(std::chrono::milliseconds(number(document, "next_ms")));
        }
        if (document.at_path("last") != nullptr) {
            memory.last_process =
                LastProcess{number(document, "last.pid"), text_at(document, "last.reason"),
                            at_ms(document, "last.at_ms")};
        }
    } catch (const Error& error) {
        log::warn("supervisor", "{}; counters begin anew", error.message());
    }
    return memory;
}

}  // namespace hab::supervisor
