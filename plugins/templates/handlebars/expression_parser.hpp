// SPDX-License-Identifier: Apache-2.0
// Parses what stands inside a tag: paths, literals, calls, hash arguments, block parameters.
#pragma once

#include <string_view>

#include "ast.hpp"

namespace handlebars {

/// Letters, digits, "_", "-", "$", ":" and every byte of a non-ASCII character make up names.
[[nodiscard]] inline bool is_id_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '$' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

/// What parsing needs besides the text.
struct ParseContext {
    Program& program;
    Names& names;
    Mode mode;
};

class ExpressionParser {
public:
    /// `inner` is a view into the program's source.
    ExpressionParser(ParseContext context, std::string_view inner);

    /// A head with its arguments, up to the end of the tag. With `allow_block_params`, "as |a b|"
    /// may follow.
    Call parse_call(bool allow_block_params);
    /// The same for a partial, whose name may hold '/', '-' and '.'.
    Call parse_partial();
    /// The name in a closing tag.
    std::string parse_close();

private:
    [[nodiscard]] std::size_t offset() const;
    [[noreturn]] void fail(std::size_t at, const std::string& message, std::string hint = {}) const;
    [[nodiscard]] bool at_end() const noexcept { return at_ >= text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    void skip_blanks() noexcept;
    bool take(std::string_view word) noexcept;
    void expect_end();

    void parse_arguments(Call& call, bool in_parentheses, bool allow_block_params);
    bool parse_block_params(Call& call);
    Expression parse_expression(bool is_head);
    Expression parse_subexpression();
    Expression parse_string();
    Expression parse_number();
    Expression parse_json_literal();
    std::optional<Expression> parse_word_literal();
    Path parse_path();
    void parse_path_start(Path& path);
    bool parse_segment(Path& path);
    [[nodiscard]] bool is_hash_ahead() const noexcept;
    Segment make_segment(std::string_view key);

    ParseContext context_;
    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace handlebars
