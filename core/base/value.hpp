// SPDX-License-Identifier: Apache-2.0
// The value tree of configuration and template data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hab {

/// Where a value was written: "default.toml:12", "environment HAB_NGINX", "user.toml:3". Shared by
/// all values of one source; null when unknown.
struct Origin {
    std::string source;      ///< file, variable or ring version
    std::uint32_t line = 0;  ///< 1-based; 0 when the source has no lines
};

class Value;

/// Key-value pairs in order of insertion (TOML and JSON order is kept through to the templates).
class Object {
public:
    using Entry = std::pair<std::string, Value>;

    [[nodiscard]] const Value* find(std::string_view key) const noexcept;
    [[nodiscard]] Value* find(std::string_view key) noexcept;
    /// Replaces the value of an existing key in place, or appends.
    Value& set(std::string key, Value value);
    void erase(std::string_view key);
    // Defined below Value: clang instantiates what an inline body uses while Value is incomplete.
    [[nodiscard]] bool empty() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::vector<Entry>::const_iterator begin() const noexcept;
    [[nodiscard]] std::vector<Entry>::const_iterator end() const noexcept;
    [[nodiscard]] std::vector<Entry>::iterator begin() noexcept;
    [[nodiscard]] std::vector<Entry>::iterator end() noexcept;
    bool operator==(const Object&) const;

private:
    std::vector<Entry> entries_;
};

using Array = std::vector<Value>;

/// null, bool, 64-bit integer, double, text, array or object. Integers and floats stay apart, as in
/// TOML. A value type: copying copies the tree. Comparison ignores origins.
class Value {
public:
    Value() noexcept = default;
    Value(std::nullptr_t) noexcept {}
    Value(bool value) noexcept : data_(value) {}
    Value(int value) noexcept : data_(static_cast<std::int64_t>(value)) {}
    Value(std::int64_t value) noexcept : data_(value) {}
    Value(double value) noexcept : data_(value) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(Array value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}

    [[nodiscard]] bool is_null() const noexcept { return data_.index() == 0; }
    [[nodiscard]] const bool* as_bool() const noexcept { return std::get_if<bool>(&data_); }
    [[nodiscard]] const std::int64_t* as_int() const noexcept {
        return std::get_if<std::int64_t>(&data_);
    }
    [[nodiscard]] const double* as_double() const noexcept { return std::get_if<double>(&data_); }
    [[nodiscard]] const std::string* as_string() const noexcept {
        return std::get_if<std::string>(&data_);
    }
    [[nodiscard]] const Array* as_array() const noexcept { return std::get_if<Array>(&data_); }
    [[nodiscard]] Array* as_array() noexcept { return std::get_if<Array>(&data_); }
    [[nodiscard]] const Object* as_object() const noexcept { return std::get_if<Object>(&data_); }
    [[nodiscard]] Object* as_object() noexcept { return std::get_if<Object>(&data_); }
    /// "null", "bool", "integer", "float", "string", "array", "table": words for error messages.
    [[nodiscard]] std::string_view type_name() const noexcept;

    /// Follows a dotted path through objects ("server.port"); null if any part is missing.
    [[nodiscard]] const Value* at_path(std::string_view dotted) const noexcept;

    [[nodiscard]] const std::shared_ptr<const Origin>& origin() const noexcept { return origin_; }
    void set_origin(std::shared_ptr<const Origin> origin) noexcept { origin_ = std::move(origin); }

    bool operator==(const Value& other) const { return data_ == other.data_; }

private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
    std::shared_ptr<const Origin> origin_;
};

inline bool Object::empty() const noexcept {
    return entries_.empty();
}
inline std::size_t Object::size() const noexcept {
    return entries_.size();
}
inline std::vector<Object::Entry>::const_iterator Object::begin() const noexcept {
    return entries_.begin();
}
inline std::vector<Object::Entry>::const_iterator Object::end() const noexcept {
    return entries_.end();
}
inline std::vector<Object::Entry>::iterator Object::begin() noexcept {
    return entries_.begin();
}
inline std::vector<Object::Entry>::iterator Object::end() noexcept {
    return entries_.end();
}

}  // namespace hab
