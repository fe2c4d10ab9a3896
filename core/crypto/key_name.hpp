// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hab::crypto {

/// A key's name with its revision, "core-20260101000000": the second line of key files and
/// artifacts.
struct KeyName {
    std::string name;      ///< "core"; for service keys "redis.default@acme"
    std::string revision;  ///< 14 digits, UTC YYYYMMDDHHMMSS

    /// Strict: everything up to the last '-' is the name (not empty), then exactly 14 digits.
    [[nodiscard]] static std::optional<KeyName> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const { return name + "-" + revision; }

    auto operator<=>(const KeyName&) const = default;
};

/// Upstream's rule for origin names: [a-z0-9][a-z0-9_-]*, at most 255 characters.
[[nodiscard]] bool is_valid_origin_name(std::string_view name) noexcept;
/// Throws usage with the rule as hint when the name breaks it.
void check_origin_name(std::string_view name);

}  // namespace hab::crypto
