// SPDX-License-Identifier: Apache-2.0
#include "config/layers.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/strings.hpp"
#include "config/changes.hpp"
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

Value merge_top(Value base, const Value& over) {
    Object* below = base.as_object();
    const Object* above = over.as_object();
    if (below == nullptr || above == nullptr) return over;
    for (const auto& [key, value] : *above)
        below->set(key, value);
    return base;
}

LayerOrder layer_order_from(std::string_view word) {
    if (word == "current") return LayerOrder::current;
    if (word == "2016") return LayerOrder::of_2016;
    throw Error(ErrorCode::usage, fmt::format("'{}' is no order of configuration layers", word),
                fmt::format("{} is current or 2016", layer_order_variable));
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

Value parse_ring_layer(std::string_view text, std::uint64_t version) {
    return parse_toml(text, fmt::format("ring version {}", version));
}

std::string describe_origin(const Value& value) {
    const auto& origin = value.origin();
    if (origin == nullptr) return {};
    return origin->line == 0 ? origin->source : fmt::format("{}:{}", origin->source, origin->line);
}

ServiceConfig ServiceConfig::load(LayerSources sources) {
    ServiceConfig config(std::move(sources));
    const LayerSources& from = config.sources_;
    config.schema_ = Schema::read_if_exists(from.schema_toml);
    config.default_ = read_toml_if_exists(from.default_toml);
    config.environment_ = environment_layer(from.service, from.environment);
    config.user_ = read_toml_if_exists(from.user_toml);
    config.ring_ = std::exchange(config.sources_.ring, std::nullopt);
    for (const auto* layer : {&config.default_, &config.environment_, &config.user_, &config.ring_})
        config.check(*layer);
    config.rebuild();
    return config;
}

bool ServiceConfig::reload_user() {
    return replace(user_, read_toml_if_exists(sources_.user_toml));
}

bool ServiceConfig::set_ring(std::optional<Value> layer) {
    return replace(ring_, std::move(layer));
}

void ServiceConfig::check(const std::optional<Value>& layer) const {
    if (!layer) return;
    const auto violations = schema_.check(*layer);
    if (!violations.empty()) throw violation_error(violations);
}

bool ServiceConfig::replace(std::optional<Value>& layer, std::optional<Value> by) {
    check(by);
    std::swap(layer, by);
    try {
        return rebuild();
    } catch (const Error&) {
        std::swap(layer, by);
        throw;
    }
}

bool ServiceConfig::rebuild() {
    const bool deep = sources_.order == LayerOrder::current;
    Value merged(Object{});
    for (const auto* layer : deep ? std::array{&default_, &environment_, &user_, &ring_}
                                  : std::array{&default_, &user_, &ring_, &environment_}) {
        if (!layer->has_value()) continue;
        merged = deep ? merge(std::move(merged), **layer) : merge_top(std::move(merged), **layer);
    }
    if (!sources_.may_lack_values) {
        const auto missing = schema_.missing(merged);
        if (!missing.empty()) throw violation_error(missing);
    }
    const bool first = generation_ == 0;
    auto changed = first ? std::vector<std::string>() : changed_paths(merged_, merged);
    merged_ = std::move(merged);
    if (!first && changed.empty()) return false;
    changed_ = std::move(changed);
    ++generation_;
    return true;
}

std::vector<std::string> ServiceConfig::warnings() const {
    std::vector<std::string> sentences;
    const Value none;
    for (const auto* layer : {&environment_, &user_, &ring_}) {
        if (!layer->has_value()) continue;
        for (const auto& key : schema_.unknown(**layer, default_ ? *default_ : none))
            sentences.push_back(key.sentence());
    }
    return sentences;
}

}  // namespace hab::config
