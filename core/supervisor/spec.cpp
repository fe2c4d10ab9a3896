// SPDX-License-Identifier: Apache-2.0
#include "supervisor/spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/error.hpp"
#include "config/toml.hpp"

namespace hab::supervisor {
namespace {

using Words = std::span<const std::string_view>;

[[noreturn]] void bad(std::string_view source, std::string_view key, std::string_view problem) {
    throw Error(ErrorCode::invalid_input, fmt::format("{}: key '{}' {}", source, key, problem),
                "see docs/formats/spec-file.md for the keys of a spec file");
}

/// Reads keys of one table, with errors that name file and key.
class Keys {
public:
    Keys(const Value& table, std::string_view source)
        : table_(*table.as_object()), source_(source) {}

    void text(std::string_view key, std::string& into) const {
        if (const Value* value = table_.find(key)) into = as_text(key, *value);
    }
    void text(std::string_view key, std::optional<std::string>& into) const {
        if (const Value* value = table_.find(key)) into = as_text(key, *value);
    }
    void word(std::string_view key, std::string& into, Words allowed) const {
        text(key, into);
        for (const auto one : allowed) {
            if (into == one) return;
        }
        bad(source_, key, fmt::format("is '{}', but may be {}", into, fmt::join(allowed, ", ")));
    }
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view key,
                                                     std::int64_t highest) const {
        const Value* value = table_.find(key);
        if (value == nullptr) return std::nullopt;
        const auto* number = value->as_int();
        if (number == nullptr || *number < 0 || *number > highest) {
            bad(source_, key, fmt::format("must be a whole number from 0 to {}", highest));
        }
        return *number;
    }
    [[nodiscard]] const Value* find(std::string_view key) const { return table_.find(key); }
    [[nodiscard]] std::string_view source() const { return source_; }

private:
    std::string as_text(std::string_view key, const Value& value) const {
        const auto* text = value.as_string();
        if (text == nullptr)
            bad(source_, key, fmt::format("is a {}, not a string", value.type_name()));
        return *text;
    }
    const Object& table_;
    std::string_view source_;
};

std::vector<ServiceBind> read_binds(const Keys& keys) {
    std::vector<ServiceBind> binds;
    const Value* value = keys.find("binds");
    if (value == nullptr) return binds;
    const auto* array = value->as_array();
    if (array == nullptr) bad(keys.source(), "binds", "is not an array");
    for (const auto& item : *array) {
        const auto* text = item.as_string();
        if (text == nullptr) bad(keys.source(), "binds", "holds something that is not a string");
        binds.push_back(ServiceBind::parse(*text));
    }
    return binds;
}

std::chrono::seconds read_interval(const Keys& keys) {
    const Value* value = keys.find("health_check_interval");
    if (value == nullptr) return std::chrono::seconds(30);
    if (value->as_object() == nullptr)
        bad(keys.source(), "health_check_interval", "is not a table");
    const Keys table(*value, keys.source());
    return std::chrono::seconds(table.number("secs", 1'000'000'000).value_or(30));
}

package::ServiceLimits read_limits(const Keys& keys) {
    package::ServiceLimits limits;
    const Value* value = keys.find("limits");
    if (value == nullptr) return limits;
    const Object* table = value->as_object();
    if (table == nullptr) bad(keys.source(), "limits", "is not a table");
    for (const auto& [name, limit] : *table) {
        const auto* text = limit.as_string();
        const auto* number = limit.as_int();
        if (text == nullptr && number == nullptr) {
            bad(keys.source(), "limits." + name, "must be a text or a whole number");
        }
        try {
            package::set_limit(limits, name, text != nullptr ? *text : std::to_string(*number));
        } catch (const Error& error) {
            throw Error(error.code(), fmt::format("{}: {}", keys.source(), error.message()),
                        error.hint());
        }
    }
    return limits;
}

Object limits_table(const package::ServiceLimits& limits) {
    Object table;
    for (const auto name : package::service_limit_names) {
        const auto& value = *package::find_limit(limits, name);
        if (value) table.set(std::string(name), package::limit_text(name, *value));
    }
    return table;
}

bool read_flag(const Keys& keys, std::string_view key) {
    const Value* value = keys.find(key);
    if (value == nullptr) return false;
    if (value->as_bool() == nullptr) bad(keys.source(), key, "must be true or false");
    return *value->as_bool();
}

constexpr std::array<std::string_view, 3> strategies{"none", "at-once", "rolling"};
constexpr std::array<std::string_view, 2> conditions{"latest", "track-channel"};
constexpr std::array<std::string_view, 2> modes{"strict", "relaxed"};
constexpr std::array<std::string_view, 2> states{"up", "down"};

void set_word(std::string& into, const std::optional<std::string>& given, std::string_view option,
              Words allowed) {
    if (!given) return;
    for (const auto one : allowed) {
        if (*given == one) {
            into = *given;
            return;
        }
    }
    throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no {}", *given, option),
                fmt::format("use one of: {}", fmt::join(allowed, ", ")));
}

}  // namespace

ServiceSpec parse_spec(std::string_view text, std::string_view source) {
    const Value document = config::parse_toml(text, source);
    const Keys keys(document, source);
    ServiceSpec spec;
    std::string ident;
    keys.text("ident", ident);
    if (ident.empty()) bad(source, "ident", "is missing");
    const auto parsed = package::Ident::try_parse(ident);
    if (!parsed)
        bad(source, "ident", fmt::format("is '{}', which is no package identifier", ident));
    spec.ident = *parsed;
    keys.text("name", spec.name);
    if (!spec.name.empty()) require_service_name(spec.name);
    if (spec.name == spec.ident.name) spec.name.clear();
    keys.text("group", spec.group);
    keys.text("bldr_url", spec.bldr_url);
    keys.text("channel", spec.channel);
    keys.text("topology", spec.topology);
    keys.word("update_strategy", spec.update_strategy, strategies);
    keys.word("update_condition", spec.update_condition, conditions);
    spec.binds = read_binds(keys);
    keys.word("binding_mode", spec.binding_mode, modes);
    keys.text("config_from", spec.config_from);
    std::string desired = "up";
    keys.word("desired_state", desired, states);
    spec.desired_up = desired == "up";
    if (const auto seconds = keys.number("shutdown_timeout", UINT32_MAX)) {
        spec.shutdown_timeout = static_cast<std::uint32_t>(*seconds);
    }
    spec.health_check_interval = read_interval(keys);
    spec.run_once = read_flag(keys, "run_once");
    if (const auto seconds = keys.number("every", 1'000'000'000)) {
        if (*seconds == 0) bad(source, "every", "must be at least 1 second");
        spec.every = std::chrono::seconds(*seconds);
    }
    spec.limits = read_limits(keys);
    (void)ServiceGroup::parse(spec.service_group().to_string());
    return spec;
}

std::string spec_to_toml(const ServiceSpec& spec) {
    Object out;
    out.set("ident", spec.ident.to_string());
    if (!spec.name.empty()) out.set("name", spec.name);
    out.set("group", spec.group);
    out.set("bldr_url", spec.bldr_url);
    out.set("channel", spec.channel);
    out.set("topology", spec.topology);
    out.set("update_strategy", spec.update_strategy);
    out.set("update_condition", spec.update_condition);
    Array binds;
    for (const auto& bind : spec.binds)
        binds.emplace_back(bind.to_string());
    out.set("binds", std::move(binds));
    out.set("binding_mode", spec.binding_mode);
    if (spec.config_from) out.set("config_from", *spec.config_from);
    out.set("desired_state", spec.desired_up ? "up" : "down");
    if (spec.shutdown_timeout) {
        out.set("shutdown_timeout", static_cast<std::int64_t>(*spec.shutdown_timeout));
    }
    if (spec.run_once) out.set("run_once", true);
    if (spec.every) out.set("every", static_cast<std::int64_t>(spec.every->count()));
    if (!spec.limits.empty()) out.set("limits", limits_table(spec.limits));
    Object interval;
    interval.set("secs", static_cast<std::int64_t>(spec.health_check_interval.count()));
    interval.set("nanos", 0);
    out.set("health_check_interval", std::move(interval));
    return config::to_toml(Value(std::move(out)));
}

void apply_options(ServiceSpec& spec, const ServiceOptions& options) {
    if (options.group) spec.group = *options.group;
    (void)ServiceGroup::parse(spec.service_group().to_string());
    if (options.topology) spec.topology = *options.topology;
    set_word(spec.update_strategy, options.update_strategy, "update strategy", strategies);
    set_word(spec.update_condition, options.update_condition, "update condition", conditions);
    set_word(spec.binding_mode, options.binding_mode, "binding mode", modes);
    if (options.channel) spec.channel = *options.channel;
    if (options.bldr_url) spec.bldr_url = *options.bldr_url;
    if (options.config_from) spec.config_from = options.config_from;
    if (options.binds) {
        spec.binds.clear();
        for (const auto& bind : *options.binds)
            spec.binds.push_back(ServiceBind::parse(bind));
    }
    if (options.health_check_interval) spec.health_check_interval = *options.health_check_interval;
    if (options.shutdown_timeout) spec.shutdown_timeout = options.shutdown_timeout;
    spec.limits = package::overlaid(spec.limits, options.limits);
}

void require_service_name(std::string_view name) {
    const auto alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const bool good = !name.empty() && name.size() <= 128 && alphanumeric(name.front()) &&
                      std::all_of(name.begin(), name.end(),
                                  [&](char c) { return alphanumeric(c) || c == '-' || c == '_'; });
    if (good) return;
    throw Error(ErrorCode::invalid_input, fmt::format("'{}' cannot name a service", name),
                "use letters, digits, '-' and '_', and begin with a letter or digit");
}

bool needs_restart(const ServiceSpec& running, const ServiceSpec& wanted) noexcept {
    return !(running.ident == wanted.ident && running.name == wanted.name &&
             running.group == wanted.group && running.topology == wanted.topology &&
             running.binds == wanted.binds && running.binding_mode == wanted.binding_mode &&
             running.config_from == wanted.config_from &&
             running.shutdown_timeout == wanted.shutdown_timeout &&
             running.run_once == wanted.run_once && running.every == wanted.every &&
             running.limits == wanted.limits &&
             running.health_check_interval == wanted.health_check_interval);
}

}  // namespace hab::supervisor
