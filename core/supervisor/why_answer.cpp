// SPDX-License-Identifier: Apache-2.0
#include "supervisor/why_answer.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "supervisor/spec.hpp"
#include "supervisor/why_report.hpp"

namespace hab::supervisor {

std::string service_in(std::string_view name) {
    const auto parts = split(name, '/');
    const std::string_view last = parts.size() > 1 ? parts[1] : parts[0];
    std::string service(last.substr(0, last.find('.')));
    try {
        require_service_name(service);
    } catch (const Error&) {
        throw Error(ErrorCode::usage, fmt::format("'{}' cannot name a service", name),
                    "Write NAME, NAME.GROUP or ORIGIN/NAME.");
    }
    return service;
}

std::vector<Value> without_values(std::vector<Value> records) {
    for (Value& record : records) {
        Object& object = *record.as_object();
        object.erase("output");
        const Value* const type = object.find("type");
        const bool refused = type != nullptr && type->as_string() != nullptr &&
                             *type->as_string() == "config_refused";
        if (refused) object.erase("reason");  // it may tell what the config-check hook printed
        Value* const changes = object.find("changes");
        if (changes == nullptr || changes->as_array() == nullptr) continue;
        for (Value& change : *changes->as_array()) {
            if (change.as_object() == nullptr) continue;
            change.as_object()->erase("before");
            change.as_object()->erase("after");
        }
    }
    return records;
}

Value why_answer(const StateReader& state, FlightRecorder& recorder, std::string_view name,
                 std::size_t chains, bool full) {
    const std::string service = service_in(name);
    const auto snapshot = state.find(service);
    auto records = recorder.records(service);
    if (!snapshot && records.empty()) {
        throw Error(ErrorCode::not_found,
                    fmt::format("nothing is known of a service '{}'", service),
                    "`hab svc status` lists the services that are loaded.");
    }
    if (!full) records = without_values(std::move(records));
    auto shown = snapshot ? std::make_optional(*snapshot) : std::nullopt;
    if (shown && !full) shown->config_refused.clear();
    return why_report(service, std::move(records), shown ? &*shown : nullptr,
                      chains == 0 ? default_chains : chains);
}

}  // namespace hab::supervisor
