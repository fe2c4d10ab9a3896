// SPDX-License-Identifier: Apache-2.0
// JSON text to Value and back. Boost.JSON does the parsing and stays out of this header.
#pragma once

#include <string>
#include <string_view>

#include "base/value.hpp"

namespace hab {

/// Parses one JSON document. `what` names it in errors ("invalid_input", with byte offset). Nesting is
/// limited to 100 levels; integers that do not fit 64 bits signed become floats; key order is kept.
[[nodiscard]] Value parse_json(std::string_view text, std::string_view what);

/// Deterministic: object order as stored, no white space (or two-space indentation when `pretty`, then
/// with a final newline), shortest float form that reads back the same and always has a '.' or exponent.
[[nodiscard]] std::string to_json(const Value& value, bool pretty = false);
/// Appends `text` as a quoted JSON string.
void append_json_string(std::string& out, std::string_view text);

}  // namespace hab
