// SPDX-License-Identifier: Apache-2.0
// Values as JSON, TOML and YAML text. The same value always gives the same bytes.
#pragma once

#include <string>

#include "value.hpp"

namespace handlebars {

/// Compact, or with two blanks of indentation and no final newline.
[[nodiscard]] std::string to_json(const Value& value, const Names& names, bool pretty);
/// A table becomes a document (plain values first, then tables), anything else an inline value.
/// Throws hab::sdk::Error if a null is inside: TOML has no word for it.
[[nodiscard]] std::string to_toml(const Value& value, const Names& names);
/// Block style, without a "---" line, with a final newline.
[[nodiscard]] std::string to_yaml(const Value& value, const Names& names);

}  // namespace handlebars
