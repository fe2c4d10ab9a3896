// SPDX-License-Identifier: Apache-2.0
// From the text of a schema to its rules.
#pragma once

#include <string_view>

#include "config/schema_rule.hpp"

namespace hab::config {

/// The rule of the whole configuration. Throws invalid_input with file and line.
[[nodiscard]] SchemaRule parse_schema(std::string_view text, std::string_view source);

}  // namespace hab::config
