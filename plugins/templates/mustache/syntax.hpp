// SPDX-License-Identifier: Apache-2.0
// A look at the tags before kainjow parses them: what this engine does not know is refused in plain
// words instead of being printed as nothing, and names are noted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mustache_plugin {

/// A tag with a name in it.
struct Tag {
    char sigil = '\0';  ///< '#' '^' '>' '&' '{', or '\0' of a plain variable
    std::string name;
    std::size_t offset = 0;       ///< of the tag
    std::size_t name_offset = 0;  ///< of the name in it
    int depth = 0;                ///< how many sections it stands in
};

/// Throws hab::sdk::Error at the place of the first tag that is Handlebars, or an optional part of
/// Mustache that kainjow lacks, or of a section nested too deep. Returns the tags but the closing
/// ones.
[[nodiscard]] std::vector<Tag> check_syntax(const std::string& name, std::string_view text);

/// Throws at a byte offset of a template.
[[noreturn]] void fail_at(const std::string& name, std::string_view text, std::size_t offset,
                          std::string message, std::string hint = {});

/// Bytes of the longest piece of a text without a line break.
[[nodiscard]] std::size_t longest_line(std::string_view text) noexcept;

}  // namespace mustache_plugin
