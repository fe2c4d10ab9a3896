// SPDX-License-Identifier: Apache-2.0
#include "config/layers.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

void merge_into(Value& base, const Value& over, int depth) {
    Object* below = base.as_object();
    const Object* above = over.as_object();
    if (below == nullptr || above == nullptr) {
        base = over;
        return;
    }
    if (depth > max_depth) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("cannot merge the configuration: its tables are nested more than {} "
                        "levels deep",
                        max_depth),
            "flatten the configuration");
    }
    base.set_origin(over.origin());
    for (const auto& [key, value] : *above) {
        if (Value* old = below->find(key)) {
            merge_into(*old, value, depth + 1);
        } else {
            below->set(key, value);
        }
    }
}

void set_origin_everywhere(Value& value, const std::shared_ptr<const Origin>& origin) {
    value.set_origin(origin);
    if (Array* array = value.as_array()) {
        for (Value& item : *array)
            set_origin_everywhere(item, origin);
    } else if (Object* object = value.as_object()) {
        for (auto& entry : *object)
            set_origin_everywhere(entry.second, origin);
    }
}

Value parse_environment(const std::string& text, const std::string& source) {
    try {
        return parse_toml(text, source);
    } catch (const Error& toml_error) {
        try {
            Value value = parse_json(text, source);
            set_origin_everywhere(value, std::make_shared<const Origin>(Origin{source, 0}));
            return value;
        } catch (const Error&) {
            // Most people write TOML here, so its complaint is the one that helps.
            throw toml_error.with_hint("write TOML (a = 1) or JSON ({\"a\": 1}) into the variable");
        }
    }
}

}  // namespace

Value merge(Value base, const Value& over) {
    merge_into(base, over, 0);
    return base;
}

std::optional<std::string> process_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

std::string environment_variable(std::string_view service) {
    return "HAB_" + to_upper(replace_all(service, "-", "_"));
}

std::optional<Value> environment_layer(std::string_view service, const EnvironmentLookup& lookup) {
    const std::string name = environment_variable(service);
    const auto text = lookup(name);
    if (!text || trim(*text).empty()) return std::nullopt;
    const std::string source = "environment " + name;
    Value layer = parse_environment(*text, source);
    if (layer.as_object() == nullptr) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}: the configuration must be a table, not a value of type {}",
                                source, layer.type_name()),
                    "write TOML (a = 1) or JSON ({\"a\": 1}) into the variable");
    }
    return layer;
}

std::string describe_origin(const Value& value) {
    const auto& origin = value.origin();
    if (origin == nullptr) return {};
    return origin->line == 0 ? origin->source : fmt::format("{}:{}", origin->source, origin->line);
}

ServiceConfig ServiceConfig::load(LayerSources sources) {
    ServiceConfig config(std::move(sources));
    config.default_layer_ =
        read_toml_if_exists(config.sources_.default_toml).value_or(Value(Object{}));
    config.environment_ = environment_layer(config.sources_.service, config.sources_.environment);
    config.user_ = read_toml_if_exists(config.sources_.user_toml);
    config.rebuild();
    return config;
}

bool ServiceConfig::reload_user() {
    auto layer = read_toml_if_exists(sources_.user_toml);
    std::swap(user_, layer);
    try {
        return rebuild();
    } catch (const Error&) {
        std::swap(user_, layer);
        throw;
    }
}

bool ServiceConfig::set_ring(std::optional<Value> layer) {
    std::swap(ring_, layer);
    try {
        return rebuild();
    } catch (const Error&) {
        std::swap(ring_, layer);
        throw;
    }
}

bool ServiceConfig::rebuild() {
    Value merged = default_layer_;
    for (const auto* layer : {&environment_, &user_, &ring_}) {
        if (layer->has_value()) merged = merge(std::move(merged), **layer);
    }
    const bool changed = generation_ == 0 || !(merged == merged_);
    merged_ = std::move(merged);
    if (changed) ++generation_;
    return changed;
}

}  // namespace hab::config
