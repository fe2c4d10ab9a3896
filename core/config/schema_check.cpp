// SPDX-License-Identifier: Apache-2.0
// The checking half of schema.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.hpp"
#include "base/strings.hpp"
#include "config/layers.hpp"
#include "config/schema.hpp"
#include "config/schema_rule.hpp"

namespace hab::config {
namespace {

std::string member_key(const std::string& key, const std::string& name) {
    return key.empty() ? name : key + "." + name;
}

std::string shown(const Value& value, bool secret) {
    constexpr std::size_t longest = 60;
    if (secret) return std::string(redacted_text);
    std::string text = to_json(value);
    if (text.size() <= longest) return text;
    text.resize(longest);
    // Not in the middle of a character.
    while (!is_utf8(text))
        text.pop_back();
    return text + "…";
}

std::string type_words(const std::vector<SchemaType>& types) {
    std::vector<std::string> words;
    for (const SchemaType type : types) {
        const std::string_view name = to_string(type);
        const bool vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
        words.push_back(fmt::format("{} {}", vowel ? "an" : "a", name));
    }
    return fmt::format("{}", fmt::join(words, " or "));
}

class Checker {
public:
    std::vector<Violation> found;

    void check(const Value& value, const SchemaRule& rule, const std::string& key, bool secret) {
        secret = secret || rule.secret;
        if (!rule.types.empty() &&
            std::none_of(rule.types.begin(), rule.types.end(),
                         [&](SchemaType type) { return is_of(type, value); })) {
            refuse(value, rule, key, secret, fmt::format("it must be {}", type_words(rule.types)));
        } else if (const Object* table = value.as_object()) {
            members(*table, rule, key, secret);
        } else if (const Array* array = value.as_array()) {
            elements(*array, rule, key, secret);
        } else {
            one(value, rule, key, secret);
        }
    }

private:
    void refuse(const Value& value, const SchemaRule& rule, const std::string& key, bool secret,
                std::string why) {
        std::string help = fmt::format("the rule is in {}", rule.place);
        if (!rule.description.empty()) help += ": " + rule.description;
        found.push_back({key, shown(value, secret || rule.holds_secret()), std::move(why),
                         describe_origin(value), help});
    }

    void members(const Object& table, const SchemaRule& rule, const std::string& key, bool secret) {
        for (const auto& [name, member] : table) {
            const std::string inner = member_key(key, name);
            if (const SchemaRule* known = rule.find(name)) {
                check(member, *known, inner, secret);
            } else if (rule.items && rule.is_only(SchemaType::table)) {
                item(member, rule, inner, secret);
            }
        }
    }

    void elements(const Array& array, const SchemaRule& rule, const std::string& key, bool secret) {
        if (!rule.items && rule.members.empty()) return;
        for (std::size_t i = 0; i < array.size(); ++i)
            item(array[i], rule, fmt::format("{}[{}]", key, i), secret);
    }

    /// One element of an array, or one member of a table whose names are free.
    void item(const Value& value, const SchemaRule& rule, const std::string& key, bool secret) {
        if (rule.items && !is_of(*rule.items, value)) {
            refuse(value, rule, key, secret,
                   fmt::format("it must be {}", type_words({*rule.items})));
        } else if (const Object* table = value.as_object()) {
            if (rule.is_only(SchemaType::array)) members(*table, rule, key, secret);
        } else if (value.as_array() == nullptr) {
            one(value, rule, key, secret);
        }
    }

    void one(const Value& value, const SchemaRule& rule, const std::string& key, bool secret) {
        const auto no = [&](std::string why) { refuse(value, rule, key, secret, std::move(why)); };
        if (rule.choices &&
            std::find(rule.choices->begin(), rule.choices->end(), value) == rule.choices->end()) {
            const std::string all = to_json(Value(*rule.choices));
            return no(fmt::format("it must be one of {}", all.substr(1, all.size() - 2)));
        }
        if (is_of(SchemaType::real, value)) {
            const double* real = value.as_double();
            if (real != nullptr && std::isnan(*real) && (rule.min || rule.max)) {
                return no("it must be a number");
            }
            if (rule.min && number_less(value, *rule.min)) {
                return no(fmt::format("it must be at least {}", to_json(*rule.min)));
            }
            if (rule.max && number_less(*rule.max, value)) {
                return no(fmt::format("it must be at most {}", to_json(*rule.max)));
            }
        }
        const std::string* text = value.as_string();
        if (text != nullptr && rule.pattern && !rule.pattern->matches(*text)) {
            no(fmt::format("it must match the pattern {}", rule.pattern->text()));
        }
    }
};

void find_missing(const SchemaRule& rule, const Value& at, const std::string& key,
                  std::vector<Violation>& found) {
    if (const Array* array = at.as_array(); array != nullptr && rule.is_only(SchemaType::array)) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            if ((*array)[i].as_object() == nullptr) continue;
            find_missing(rule, (*array)[i], fmt::format("{}[{}]", key, i), found);
        }
        return;
    }
    const Object* table = at.as_object();
    if (table == nullptr) return;
    for (const auto& [name, member] : rule.members) {
        const std::string inner = member_key(key, name);
        if (const Value* value = table->find(name); value != nullptr && !value->is_null()) {
            find_missing(member, *value, inner, found);
        } else if (member.required) {
            std::string help = fmt::format("set it in user.toml; {} requires it", member.place);
            if (!member.description.empty()) help += ": " + member.description;
            found.push_back({inner, {}, "the package requires a value", {}, std::move(help)});
        }
    }
}

class UnknownFinder {
public:
    std::vector<UnknownKey> found;

    void look(const Object& table, const SchemaRule& rule, const Value* defaults,
              const std::string& key) {
        // At the top, a schema without any setting still says that there are none.
        if (rule.takes_any_key() && !(key.empty() && !rule.open)) return;
        const Object* known = defaults == nullptr ? nullptr : defaults->as_object();
        for (const auto& [name, value] : table) {
            const std::string inner = member_key(key, name);
            const Value* usual = known == nullptr ? nullptr : known->find(name);
            if (const SchemaRule* member = rule.find(name)) {
                descend(value, *member, usual, inner);
            } else if (usual == nullptr) {
                found.push_back(
                    {inner, describe_origin(value), suggestion(name, rule, known, key)});
            }
        }
    }

private:
    void descend(const Value& value, const SchemaRule& rule, const Value* usual,
                 const std::string& key) {
        if (const Object* table = value.as_object()) {
            look(*table, rule, usual, key);
        } else if (const Array* array = value.as_array();
                   array != nullptr && rule.is_only(SchemaType::array)) {
            for (std::size_t i = 0; i < array->size(); ++i) {
                if (const Object* element = (*array)[i].as_object()) {
                    look(*element, rule, nullptr, fmt::format("{}[{}]", key, i));
                }
            }
        }
    }

    static std::string suggestion(const std::string& name, const SchemaRule& rule,
                                  const Object* defaults, const std::string& key) {
        std::vector<std::string> names;
        for (const auto& member : rule.members)
            names.push_back(member.name);
        if (defaults != nullptr) {
            for (const auto& entry : *defaults)
                names.push_back(entry.first);
        }
        const auto near = nearest(name, names);
        return near ? member_key(key, *near) : std::string();
    }
};

}  // namespace

std::vector<Violation> Schema::check(const Value& layer) const {
    Checker checker;
    if (root_ != nullptr) checker.check(layer, *root_, {}, false);
    return std::move(checker.found);
}

std::vector<Violation> Schema::missing(const Value& merged) const {
    std::vector<Violation> found;
    if (root_ != nullptr) find_missing(*root_, merged, {}, found);
    return found;
}

std::vector<UnknownKey> Schema::unknown(const Value& layer, const Value& defaults) const {
    UnknownFinder finder;
    const Object* table = layer.as_object();
    if (root_ != nullptr && table != nullptr) finder.look(*table, *root_, &defaults, {});
    return std::move(finder.found);
}

}  // namespace hab::config
