// SPDX-License-Identifier: Apache-2.0
// In a table of a schema, a member that is a table describes a setting, and any other member is a
// word about this setting. So no setting's name is ever reserved.
#include "config/schema_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "config/layers.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

constexpr std::array all_types = {SchemaType::string,  SchemaType::integer, SchemaType::real,
                                  SchemaType::boolean, SchemaType::array,   SchemaType::table};

[[noreturn]] void wrong(const Value& where, const std::string& key, std::string_view problem,
                        std::string hint) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: {}: {}", describe_origin(where),
                            key.empty() ? "the configuration" : key, problem),
                std::move(hint));
}

SchemaType type_from(const Value& word, const std::string& key) {
    std::vector<std::string> names;
    for (const SchemaType type : all_types)
        names.emplace_back(to_string(type));
    if (const std::string* text = word.as_string()) {
        for (const SchemaType type : all_types) {
            if (to_string(type) == *text) return type;
        }
        const auto near = nearest(*text, names);
        wrong(word, key, fmt::format("there is no type '{}'", *text),
              near ? fmt::format("did you mean '{}'?", *near)
                   : fmt::format("the types are {}", fmt::join(names, ", ")));
    }
    wrong(word, key, fmt::format("a type must be text, not a value of type {}", word.type_name()),
          fmt::format("the types are {}", fmt::join(names, ", ")));
}

class Parser {
public:
    SchemaRule rule(const Value& table, const std::string& key) {
        SchemaRule out;
        out.place = describe_origin(table);
        for (const auto& [name, value] : *table.as_object()) {
            if (value.as_object() == nullptr) {
                word(out, name, value, key);
            } else {
                const std::string inner = key.empty() ? name : key + "." + name;
                out.members.push_back({name, rule(value, inner)});
            }
        }
        if (out.types.empty() && !out.members.empty()) out.types = {SchemaType::table};
        check_words(out, table, key);
        return out;
    }

private:
    static void word(SchemaRule& out, const std::string& name, const Value& value,
                     const std::string& key) {
        if (name == "type") return read_types(out, value, key);
        if (name == "items") {
            out.items = type_from(value, key);
        } else if (name == "required") {
            out.required = flag(name, value, key);
        } else if (name == "secret") {
            out.secret = flag(name, value, key);
        } else if (name == "open") {
            out.open = flag(name, value, key);
        } else if (name == "min" || name == "max") {
            if (!is_of(SchemaType::real, value)) {
                wrong(value, key, fmt::format("{} must be a number", name),
                      "write it bare: min = 1");
            }
            (name == "min" ? out.min : out.max) = value;
        } else if (name == "enum") {
            read_choices(out, value, key);
        } else if (name == "pattern") {
            read_pattern(out, value, key);
        } else if (name == "description") {
            if (value.as_string() == nullptr) wrong(value, key, "description must be text", {});
            out.description = *value.as_string();
        } else {
            unknown(name, value, key);
        }
    }

    [[noreturn]] static void unknown(const std::string& name, const Value& value,
                                     const std::string& key) {
        static const std::vector<std::string> words = {
            "type", "items", "required", "secret",  "open",
            "min",  "max",   "enum",     "pattern", "description"};
        const auto near = nearest(name, words);
        wrong(value, key, fmt::format("a schema has no word '{}'", name),
              near ? fmt::format("did you mean '{}'?", *near)
                   : fmt::format("the words are {}; a setting is described by a table [{}{}{}]",
                                 fmt::join(words, ", "), key, key.empty() ? "" : ".", name));
    }

    static bool flag(const std::string& name, const Value& value, const std::string& key) {
        if (value.as_bool() == nullptr) {
            wrong(value, key, fmt::format("{} must be true or false", name), {});
        }
        return *value.as_bool();
    }

    static void read_types(SchemaRule& out, const Value& value, const std::string& key) {
        const Array* several = value.as_array();
        if (several == nullptr) {
            out.types = {type_from(value, key)};
            return;
        }
        if (several->empty()) wrong(value, key, "type names no type", "leave it out for any type");
        for (const Value& one : *several)
            out.types.push_back(type_from(one, key));
    }

    static void read_choices(SchemaRule& out, const Value& value, const std::string& key) {
        const Array* choices = value.as_array();
        if (choices == nullptr || choices->empty()) {
            wrong(value, key, "enum must be a list of the allowed values",
                  "for example enum = [\"debug\", \"info\"]");
        }
        out.choices = *choices;
    }

    static void read_pattern(SchemaRule& out, const Value& value, const std::string& key) {
        if (value.as_string() == nullptr) wrong(value, key, "pattern must be text", {});
        try {
            out.pattern.emplace(*value.as_string());
        } catch (const Error& error) {
            wrong(value, key,
                  fmt::format("the pattern '{}' is none: {}", *value.as_string(), error.message()),
                  "write a POSIX extended regular expression; it has to match the whole text");
        }
    }

    /// Words that could never have an effect are mistakes of the author.
    static void check_words(const SchemaRule& rule, const Value& table, const std::string& key) {
        const auto may_be = [&](SchemaType type) {
            // Of elements, if there are any: rules about values are then about theirs.
            if (rule.items) return *rule.items == type;
            return rule.types.empty() ||
                   std::find(rule.types.begin(), rule.types.end(), type) != rule.types.end();
        };
        const bool number = may_be(SchemaType::integer) || may_be(SchemaType::real);
        if ((rule.min || rule.max) && !number) {
            wrong(table, key, "min and max are for numbers", "use pattern for text");
        }
        if (rule.min && rule.max && number_less(*rule.max, *rule.min)) {
            wrong(table, key, "max is less than min, so that no value fits", {});
        }
        if (rule.pattern && !may_be(SchemaType::string)) {
            wrong(table, key, "pattern is for text", "use min and max for numbers");
        }
        if (rule.items && !rule.is_only(SchemaType::array) && !rule.is_only(SchemaType::table)) {
            wrong(table, key, "items needs type = \"array\" or type = \"table\"", {});
        }
        if (!rule.members.empty() && !may_be(SchemaType::table) &&
            !rule.is_only(SchemaType::table)) {
            wrong(table, key, "it has members, but it is no table and no array of tables",
                  "write type = \"table\", or items = \"table\" for an array");
        }
        if (!rule.choices) return;
        for (const Value& choice : *rule.choices) {
            const bool fits = std::any_of(all_types.begin(), all_types.end(), [&](SchemaType type) {
                return may_be(type) && is_of(type, choice);
            });
            if (!fits) wrong(table, key, "a value of enum is not of the setting's type", {});
        }
    }
};

}  // namespace

SchemaRule parse_schema(std::string_view text, std::string_view source) {
    Value document = parse_toml(text, source);
    document.set_origin(std::make_shared<const Origin>(Origin{std::string(source), 1}));
    SchemaRule root = Parser().rule(document, {});
    if (root.types.empty()) root.types = {SchemaType::table};
    if (!root.is_only(SchemaType::table) || root.required || root.secret) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("{}:1: the configuration as a whole is a table, and neither "
                                "required nor secret",
                                source),
                    "put the words into the table of a setting: [port]");
    }
    return root;
}

}  // namespace hab::config
