// SPDX-License-Identifier: Apache-2.0
// First pass: a template as a list of texts and tags, with the white space already taken away.
#pragma once

#include <string_view>
#include <vector>

#include "source.hpp"

namespace handlebars {

enum class TokenKind {
    text,
    value,          ///< {{x}}, {{{x}}}, {{&x}}
    open,           ///< {{#x}}
    inverse,        ///< {{^x}} with a name
    otherwise,      ///< {{else}}, {{^}}, {{else x}}
    close,          ///< {{/x}}
    comment,        ///< {{! }} and {{!-- --}}
    raw,            ///< {{{{x}}}} … {{{{/x}}}}
    partial,        ///< {{> x}}
    partial_block,  ///< {{#> x}}
    decorator,      ///< {{#*x}}
};

/// Views point into the source's text.
struct Token {
    TokenKind kind = TokenKind::text;
    std::size_t offset = 0;   ///< of the first byte
    std::string_view text;    ///< text to print; of a raw block its content
    std::string_view inner;   ///< of tags: what stands behind the sigil, without `~`
    std::string_view indent;  ///< of a partial tag alone on its line: the blanks before it
    bool trim_left = false;   ///< `~` behind the opening braces
    bool trim_right = false;  ///< `~` before the closing braces
};

/// Splits the text and applies the mode's white-space rules. Throws at the place of a broken tag.
[[nodiscard]] std::vector<Token> tokenize(const Source& source, Mode mode);

/// The white-space half of tokenize.
void apply_whitespace_rules(std::vector<Token>& tokens, Mode mode);

}  // namespace handlebars
