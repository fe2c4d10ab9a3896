// SPDX-License-Identifier: Apache-2.0
// The white-space rules. Both look at the text as it was written: the standalone rule does not see
// what
// `~` removed, so "\n{{~#if x}}\n" loses both of its newlines, as in handlebars.js.
#include <algorithm>

#include "lexer.hpp"

namespace handlebars {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view white_space = " \t\r\n";

bool can_stand_alone(TokenKind kind) {
    switch (kind) {
        case TokenKind::open:
        case TokenKind::inverse:
        case TokenKind::otherwise:
        case TokenKind::close:
        case TokenKind::comment:
        case TokenKind::partial:
        case TokenKind::partial_block:
        case TokenKind::decorator:
            return true;
        case TokenKind::text:
        case TokenKind::value:
        case TokenKind::raw:
            return false;
    }
    return false;
}

/// Length of the blanks at the end of `text` if a line begins before them.
bool line_begins(std::string_view text, bool is_first, std::size_t& indent) {
    const auto last = text.find_last_not_of(blanks);
    indent = text.size() - (last == text.npos ? 0 : last + 1);
    return last == text.npos ? is_first : text[last] == '\n';
}

/// Length of the blanks and the newline at the start of `text` if the line ends there.
bool line_ends(std::string_view text, bool is_last, std::size_t& length) {
    const auto first = text.find_first_not_of(blanks);
    length = first == text.npos ? text.size() : first;
    if (first == text.npos) return is_last;
    if (text[first] == '\n') {
        length = first + 1;
        return true;
    }
    length = first + 2;
    return text.substr(first, 2) == "\r\n";
}

void strip_standalone(std::vector<Token>& tokens, const std::vector<std::string_view>& original) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (!can_stand_alone(tokens[i].kind)) continue;
        const bool has_before = i > 0;
        const bool has_after = i + 1 < tokens.size();
        std::size_t indent = 0;
        std::size_t rest = 0;
        if (has_before && (tokens[i - 1].kind != TokenKind::text ||
                           !line_begins(original[i - 1], i == 1, indent))) {
            continue;
        }
        if (has_after && (tokens[i + 1].kind != TokenKind::text ||
                          !line_ends(original[i + 1], i + 2 == tokens.size(), rest))) {
            continue;
        }
        if (has_before) {
            // `~` takes the blanks away, so there is nothing to indent by.
            if (!tokens[i].trim_left) {
                tokens[i].indent = original[i - 1].substr(original[i - 1].size() - indent);
            }
            std::string_view& before = tokens[i - 1].text;
            // The line before may already have taken these blanks, if the text is nothing else.
            before.remove_suffix(std::min(indent, before.size()));
        }
        if (has_after) {
            std::string_view& after = tokens[i + 1].text;
            after.remove_prefix(std::min(rest, after.size()));
        }
    }
}

void strip_tildes(std::vector<Token>& tokens, Mode mode) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind == TokenKind::text) continue;
        if (tokens[i].trim_left && i > 0 && tokens[i - 1].kind == TokenKind::text) {
            std::string_view& before = tokens[i - 1].text;
            before = before.substr(0, before.find_last_not_of(white_space) + 1);
        }
        if (tokens[i].trim_right && i + 1 < tokens.size() &&
            tokens[i + 1].kind == TokenKind::text) {
            std::string_view& after = tokens[i + 1].text;
            const auto first = after.find_first_not_of(white_space);
            // The classic engine kept white space that is all the rest of a file.
            const bool keeps =
                mode == Mode::classic && first == after.npos && i + 2 == tokens.size();
            if (!keeps) after = first == after.npos ? std::string_view{} : after.substr(first);
        }
    }
}

}  // namespace

void apply_whitespace_rules(std::vector<Token>& tokens, Mode mode) {
    if (mode == Mode::modern) {
        std::vector<std::string_view> original;
        original.reserve(tokens.size());
        for (const Token& token : tokens)
            original.push_back(token.text);
        strip_standalone(tokens, original);
    }
    strip_tildes(tokens, mode);
}

}  // namespace handlebars
