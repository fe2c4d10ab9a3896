// SPDX-License-Identifier: Apache-2.0
// Small helpers to build JSON objects; for the gateway's own files.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/value.hpp"

namespace hab::supervisor::http {

/// Builds an object field by field, in the order in which it is read.
class Fields {
public:
    Fields& add(std::string name, Value value) {
        object_.set(std::move(name), std::move(value));
        return *this;
    }
    /// Gives the object away.
    operator Value() { return Value(std::move(object_)); }

private:
    Object object_;
};

template <typename T>
[[nodiscard]] Value or_null(const std::optional<T>& value) {
    return value ? Value(*value) : Value();
}

[[nodiscard]] inline Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

[[nodiscard]] inline Value texts(const std::vector<std::string>& list) {
    Array array;
    for (const std::string& text : list)
        array.emplace_back(text);
    return array;
}

[[nodiscard]] inline Value text_object(
    const std::vector<std::pair<std::string, std::string>>& pairs) {
    Fields fields;
    for (const auto& [name, text] : pairs)
        fields.add(name, text);
    return fields;
}

/// Numbers of other members may be above what a JSON number holds here: those are shown as the
/// largest one.
[[nodiscard]] inline Value integer(std::uint64_t number) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(number, most));
}

[[nodiscard]] inline Value epoch_seconds(WallTime time) {
    return static_cast<std::int64_t>(
        std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

}  // namespace hab::supervisor::http
