// SPDX-License-Identifier: Apache-2.0
// Second pass: from tags to a program.
#pragma once

#include <memory>
#include <string_view>

#include "ast.hpp"

namespace handlebars {

/// Compiles a text. Throws hab::sdk::Error with line and column for a syntax error.
[[nodiscard]] std::unique_ptr<Program> parse(std::string_view name, std::string_view text,
                                             Names& names, Mode mode);

}  // namespace handlebars
