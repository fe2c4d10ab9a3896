// SPDX-License-Identifier: Apache-2.0
#include "supervisor/why_sentences.hpp"

#include <fmt/format.h>
#include <string.h>

#include <array>
#include <vector>

#include "base/strings.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {
namespace {

std::string list_of(const Value& record, std::string_view field) {
    const Value* const value = record.as_object()->find(field);
    const Array* const list = value == nullptr ? nullptr : value->as_array();
    std::string out;
    if (list == nullptr) return out;
    for (const Value& item : *list) {
        const std::string* const text = item.as_string();
        if (text == nullptr || text->empty()) continue;
        out += (out.empty() ? "" : ", ") + *text;
    }
    return out;
}

std::string status_of(const Value& record) {
    return ExitStatus{static_cast<int>(record_number(record, "code")),
                      static_cast<int>(record_number(record, "signal"))}
        .text();
}

std::string with_reason(std::string sentence, const Value& record) {
    const std::string reason = record_text(record, "reason");
    return reason.empty() ? sentence : sentence + ": " + reason;
}

std::string asked(const Value& record) {
    const std::string by = record_text(record, "by");
    const std::string what = record_text(record, "command");
    return by.empty() ? fmt::format("asked for: {}", what)
                      : fmt::format("asked for by {}: {}", by, what);
}

std::string loaded(const Value& record) {
    return fmt::format("loaded as {} into group {}", record_text(record, "ident"),
                       record_text(record, "group"));
}

std::string changed_input(const Value& record) {
    const Value* const value = record.as_object()->find("changes");
    const Array* const changes = value == nullptr ? nullptr : value->as_array();
    std::vector<std::string> out;
    for (const Value& change : changes == nullptr ? Array{} : *changes) {
        if (change.as_object() == nullptr) continue;
        const std::string before = record_text(change, "before");
        const std::string after = record_text(change, "after");
        const std::string origin = record_text(change, "origin");
        const std::string path = record_text(change, "path");
        // Both are missing in what everybody may read.
        std::string text =
            before.empty() && after.empty()
                ? path + " changed"
                : fmt::format("{}: {} -> {}", path, before.empty() ? "nothing" : before,
                              after.empty() ? "nothing" : after);
        if (!origin.empty()) text += " (" + origin + ")";
        out.push_back(std::move(text));
    }
    return out.empty() ? "its configuration changed" : join(out, "; ");
}

std::string rendered(const Value& record) {
    const std::string changed = list_of(record, "changed");
    const std::string readers = list_of(record, "rendered");
    const std::string written = list_of(record, "written");
    std::string out = "all files were rendered";
    if (!changed.empty()) {
        out = readers.empty() ? fmt::format("no file reads {}", changed)
                              : fmt::format("{} read {}", readers, changed);
    }
    return out + (written.empty() ? "; none is another one now" : "; written: " + written);
}

std::string process_started(const Value& record) {
    return fmt::format(
        "process {} {}", record_number(record, "pid"),
        record_flag(record, "reattached") ? "was taken over by a new supervisor" : "started");
}

std::string process_exited(const Value& record) {
    return fmt::format("process {} {}", record_number(record, "pid"), status_of(record));
}

std::string signalled(const Value& record) {
    const auto signal = static_cast<int>(record_number(record, "signal"));
    const char* const name = ::sigabbrev_np(signal);
    return fmt::format(
        "process {} was sent {}", record_number(record, "pid"),
        name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name));
}

std::string hook_started(const Value& record) {
    return fmt::format("hook {} began (process {})", record_text(record, "hook"),
                       record_number(record, "pid"));
}

std::string hook_ended(const Value& record) {
    const auto pid = record_number(record, "pid");
    const std::string hook = record_text(record, "hook");
    if (pid == 0) return fmt::format("hook {} could not be run", hook);
    return fmt::format(
        "hook {} {} (process {}, {} ms)", hook,
        record_flag(record, "timed_out") ? "took too long and was killed" : status_of(record), pid,
        record_number(record, "duration_ms"));
}

std::string phase(const Value& record) {
    return with_reason(
        fmt::format("{} -> {}", record_text(record, "from"), record_text(record, "to")), record);
}

std::string health(const Value& record) {
    return fmt::format("health {} -> {}", record_text(record, "from"), record_text(record, "to"));
}

std::string ready(const Value& record) {
    return fmt::format("process {} is ready", record_number(record, "pid"));
}

std::string refused(const Value& record) {
    return with_reason("refused, what was in use stays", record);
}

std::string unloaded(const Value&) {
    return "unloaded";
}

struct Words {
    std::string_view type;
    std::string (*say)(const Value&);
};

constexpr std::array words{
    Words{"command", asked},
    Words{"service_loaded", loaded},
    Words{"service_unloaded", unloaded},
    Words{"input_changed", changed_input},
    Words{"config_rendered", rendered},
    Words{"config_refused", refused},
    Words{"phase", phase},
    Words{"process_started", process_started},
    Words{"process_exited", process_exited},
    Words{"process_signalled", signalled},
    Words{"hook_started", hook_started},
    Words{"hook_ended", hook_ended},
    Words{"health", health},
    Words{"ready", ready},
};

}  // namespace

std::string record_text(const Value& record, std::string_view field) {
    const Value* const value = record.as_object()->find(field);
    const std::string* const text = value == nullptr ? nullptr : value->as_string();
    return text == nullptr ? std::string() : *text;
}

std::int64_t record_number(const Value& record, std::string_view field) {
    const Value* const value = record.as_object()->find(field);
    const std::int64_t* const number = value == nullptr ? nullptr : value->as_int();
    return number == nullptr ? 0 : *number;
}

bool record_flag(const Value& record, std::string_view field) {
    const Value* const value = record.as_object()->find(field);
    const bool* const flag = value == nullptr ? nullptr : value->as_bool();
    return flag != nullptr && *flag;
}

std::string record_sentence(const Value& record) {
    const std::string type = record_text(record, "type");
    for (const Words& one : words) {
        if (one.type == type) return one.say(record);
    }
    return type;
}

std::string record_reason(const Value& record) {
    const std::string type = record_text(record, "type");
    if (type == "input_changed") return "its configuration changed";
    if (type == "service_loaded") return "it was loaded";
    if (type == "phase" && !record_text(record, "reason").empty())
        return record_text(record, "reason");
    return record_sentence(record);
}

}  // namespace hab::supervisor
