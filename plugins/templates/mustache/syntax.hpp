// SPDX-License-Identifier: Apache-2.0
// A look at the tags before kainjow parses them: Handlebars tags are refused in plain words, and
// the partials are noted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mustache_plugin {

/// Throws hab::sdk::Error at the place of the first tag that is Handlebars rather than Mustache, or
/// of a section nested too deep. Returns the names of the partials used.
[[nodiscard]] std::vector<std::string> check_syntax(const std::string& name, std::string_view text);

/// Throws at a byte offset of a template.
[[noreturn]] void fail_at(const std::string& name, std::string_view text, std::size_t offset,
                          std::string message, std::string hint = {});

}  // namespace mustache_plugin
