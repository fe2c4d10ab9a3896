// SPDX-License-Identifier: Apache-2.0
// TOML text to Value and back. toml++ does the parsing and stays out of this header.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace hab::config {

/// Deepest nesting of tables and arrays that is accepted anywhere in configuration.
inline constexpr int max_depth = 30;

/// Parses a TOML document into an object. `source` names it in errors and in the origin of each
/// value: broken text throws invalid_input "<source>:<line>:<column>: …". Keys keep the order in
/// which they were written. Dates and times become text as written in RFC 3339.
[[nodiscard]] Value parse_toml(std::string_view text, std::string_view source);

/// Reads and parses a file; nothing if it does not exist. Errors name the path.
[[nodiscard]] std::optional<Value> read_toml_if_exists(const std::filesystem::path& path);

/// A TOML document from an object; the same value always gives the same bytes. Key order is kept,
/// but TOML makes plain values come before tables. Nulls are left out (TOML has no word for them).
/// Throws invalid_input if `table` is not an object or if a null stands in an array.
[[nodiscard]] std::string to_toml(const Value& table);

/// A key as TOML writes it: quoted unless it is a plain word.
[[nodiscard]] std::string toml_key(std::string_view key);

}  // namespace hab::config
