// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "config/schema_parser.hpp"

namespace hab::config {
namespace {

Value redact(const Value& value, const SchemaRule* rule);

/// A key that is nearly the name of a secret is most likely one, mistyped.
bool is_nearly_secret(std::string_view name, const SchemaRule& table) {
    std::vector<std::string> secrets;
    for (const auto& [known, member] : table.members) {
        if (member.secret) secrets.push_back(known);
    }
    return nearest(name, secrets).has_value();
}

Value redact_table(const Object& table, const SchemaRule* rule) {
    Object out;
    for (const auto& [name, member] : table) {
        const SchemaRule* known = rule == nullptr ? nullptr : rule->find(name);
        if (rule != nullptr && known == nullptr && is_nearly_secret(name, *rule)) {
            Value hidden(redacted_text);
            hidden.set_origin(member.origin());
            out.set(name, std::move(hidden));
        } else {
            out.set(name, redact(member, known));
        }
    }
    return out;
}

Value redact(const Value& value, const SchemaRule* rule) {
    Value out = value;
    if (rule != nullptr && rule->secret) {
        out = Value(redacted_text);
    } else if (const Object* table = value.as_object()) {
        out = redact_table(*table, rule);
    } else if (const Array* array = value.as_array()) {
        Array items;
        for (const Value& item : *array) {
            // The members of an array's rule are those of each element.
            const bool described = rule != nullptr && item.as_object() != nullptr;
            items.push_back(redact(item, described ? rule : nullptr));
        }
        out = Value(std::move(items));
    }
    out.set_origin(value.origin());
    return out;
}

}  // namespace

std::string Violation::sentence() const {
    if (origin.empty() && value.empty()) return fmt::format("{} is not set: {}", key, rule);
    return fmt::format("{}: {} = {} is refused: {}", origin, key, value, rule);
}

std::string UnknownKey::sentence() const {
    std::string text = fmt::format("{}: nothing knows the key '{}'", origin, key);
    if (!suggestion.empty()) text += fmt::format("; did you mean '{}'?", suggestion);
    return text;
}

Error violation_error(std::span<const Violation> violations) {
    constexpr std::size_t told = 3;
    std::vector<std::string> sentences;
    for (const Violation& each : violations.first(std::min(told, violations.size())))
        sentences.push_back(each.sentence());
    if (violations.size() > told) {
        sentences.push_back(fmt::format("and {} more", violations.size() - told));
    }
    return {ErrorCode::invalid_input, join(sentences, "; "), violations.front().help};
}

Schema Schema::parse(std::string_view text, std::string_view source) {
    return Schema(std::make_shared<const SchemaRule>(parse_schema(text, source)));
}

Schema Schema::read_if_exists(const std::filesystem::path& path) {
    const auto text = read_file_if_exists(path, 1u << 20);
    return text ? parse(*text, path.string()) : Schema();
}

Value Schema::redacted(const Value& cfg) const {
    return root_ == nullptr ? cfg : redact(cfg, root_.get());
}

bool Schema::has_secret(std::string_view dotted) const {
    const SchemaRule* rule = root_.get();
    for (const std::string_view step : split(dotted, '.')) {
        if (rule == nullptr || rule->secret) break;
        rule = rule->step(step);
    }
    return rule != nullptr && rule->holds_secret();
}

bool Schema::describes(std::string_view pattern) const {
    const SchemaRule* rule = root_.get();
    if (rule == nullptr) return true;
    for (const std::string_view step : split(pattern, '.')) {
        if (step == "**") return true;
        const SchemaRule* next = rule->step(step);
        if (next == nullptr) {
            if (step == "*") return true;  // the members of a table, whichever they are
            return rule == root_.get() ? rule->open : rule->takes_any_key();
        }
        rule = next;
    }
    return true;
}

std::vector<std::string> Schema::names(std::string_view dotted) const {
    const SchemaRule* rule = root_.get();
    for (const std::string_view step : split(dotted, '.')) {
        if (rule == nullptr || dotted.empty()) break;
        rule = rule->find(step);
    }
    std::vector<std::string> out;
    if (rule == nullptr) return out;
    for (const auto& member : rule->members)
        out.push_back(member.name);
    return out;
}

}  // namespace hab::config
