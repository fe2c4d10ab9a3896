// SPDX-License-Identifier: Apache-2.0
// One setting as a schema describes it; shared by the parser and the checks.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace hab::config {

enum class SchemaType { string, integer, real, boolean, array, table };

/// "string", "integer", "float", "bool", "array", "table".
[[nodiscard]] std::string_view to_string(SchemaType type) noexcept;
/// Whether a value has the type; a float may be written as an integer.
[[nodiscard]] bool is_of(SchemaType type, const Value& value) noexcept;

/// Order of two numbers, whichever of the two kinds they are; exact between integers.
[[nodiscard]] bool number_less(const Value& a, const Value& b) noexcept;

/// A compiled POSIX extended regular expression that has to match a whole text.
class TextPattern {
public:
    /// Throws invalid_input with the library's reason.
    explicit TextPattern(std::string text);
    [[nodiscard]] bool matches(const std::string& subject) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    struct Compiled;
    std::string text_;
    std::shared_ptr<const Compiled> compiled_;
};

struct SchemaMember;

struct SchemaRule {
    std::vector<SchemaType> types;    ///< one of these; empty: any
    std::optional<SchemaType> items;  ///< of elements, or of the members that are not described
    bool required = false;
    bool secret = false;
    bool open = false;  ///< members that are not described are fine
    std::optional<Value> min, max;
    std::optional<Array> choices;
    std::optional<TextPattern> pattern;
    std::string description;
    std::string place;                  ///< "config.schema.toml:4"
    std::vector<SchemaMember> members;  ///< of a table, or of each element

    [[nodiscard]] const SchemaRule* find(std::string_view name) const noexcept;
    /// The rule one step down a dotted path; an index or "*" steps into the elements of an array.
    [[nodiscard]] const SchemaRule* step(std::string_view name) const noexcept;
    /// Whether this value or one inside of it is secret.
    [[nodiscard]] bool holds_secret() const noexcept;
    /// Whether `type` is the only one.
    [[nodiscard]] bool is_only(SchemaType type) const noexcept;
    /// Whether members that are not described are fine: the rule says so, or names none.
    [[nodiscard]] bool takes_any_key() const noexcept;
};

struct SchemaMember {
    std::string name;
    SchemaRule rule;
};

}  // namespace hab::config
