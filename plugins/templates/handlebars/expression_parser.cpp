// SPDX-License-Identifier: Apache-2.0
#include "expression_parser.hpp"

#include <charconv>
#include <hab/types.hpp>

#include "data.hpp"
#include "helpers.hpp"

namespace handlebars {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr int max_call_depth = 50;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

}  // namespace

ExpressionParser::ExpressionParser(ParseContext context, std::string_view inner)
    : context_(context), text_(inner) {}

std::size_t ExpressionParser::offset() const {
    return static_cast<std::size_t>(text_.data() - context_.program.source.text.data()) + at_;
}

void ExpressionParser::fail(std::size_t at, const std::string& message, std::string hint) const {
    context_.program.source.fail(at, message, std::move(hint));
}

void ExpressionParser::skip_blanks() noexcept {
    while (!at_end() && white_space.find(peek()) != white_space.npos)
        ++at_;
}

bool ExpressionParser::take(std::string_view word) noexcept {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
}

void ExpressionParser::expect_end() {
    skip_blanks();
    if (!at_end()) {
        fail(offset(), std::string("unexpected '") + peek() + "' in a tag");
    }
}

Call ExpressionParser::parse_call(bool allow_block_params) {
    Call call;
    skip_blanks();
    call.offset = offset();
    if (at_end()) fail(call.offset, "a tag is empty", "write a name between the braces");
    const std::size_t begin = at_;
    call.head = parse_expression(true);
    call.name = text_.substr(begin, at_ - begin);
    call.helper = find_helper(call.name, context_.mode);
    parse_arguments(call, false, allow_block_params);
    expect_end();
    return call;
}

Call ExpressionParser::parse_partial() {
    Call call;
    skip_blanks();
    call.offset = offset();
    if (peek() == '(') {
        call.head = parse_subexpression();
    } else if (peek() == '"' || peek() == '\'') {
        call.head = parse_string();
        call.name = std::string(std::get<Literal>(call.head).node.view());
    } else if (peek() == '[') {
        const auto close = text_.find(']', at_);
        if (close == text_.npos) fail(offset(), "a '[' has no ']'");
        call.name = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
    } else {
        const std::size_t begin = at_;
        take("@");
        while (is_id_char(peek()) || peek() == '.' || peek() == '/')
            ++at_;
        call.name = text_.substr(begin, at_ - begin);
    }
    if (call.name.empty() && std::holds_alternative<Path>(call.head)) {
        fail(call.offset, "a partial tag has no name", "write {{> name}}");
    }
    parse_arguments(call, false, false);
    expect_end();
    if (call.params.size() > 1) fail(call.offset, "a partial takes at most one argument");
    return call;
}

std::string ExpressionParser::parse_close() {
    skip_blanks();
    const auto end = text_.find_last_not_of(white_space);
    return end == text_.npos || end < at_ ? std::string()
                                          : std::string(text_.substr(at_, end + 1 - at_));
}

void ExpressionParser::parse_arguments(Call& call, bool in_parentheses, bool allow_block_params) {
    for (;;) {
        const std::size_t before = at_;
        skip_blanks();
        if (at_end() || (in_parentheses && peek() == ')')) return;
        if (before == at_) fail(offset(), std::string("unexpected '") + peek() + "' in a tag");
        if (allow_block_params && parse_block_params(call)) return;
        if (is_hash_ahead()) {
            HashItem item;
            const std::size_t begin = at_;
            while (is_id_char(peek()))
                ++at_;
            item.name = text_.substr(begin, at_ - begin);
            item.key = context_.names.key(item.name);
            take("=");
            item.value = parse_expression(false);
            call.hash.push_back(std::move(item));
        } else {
            if (!call.hash.empty()) {
                fail(offset(), "an argument stands behind a name=value argument",
                     "write the plain arguments first");
            }
            call.params.push_back(parse_expression(false));
        }
    }
}

bool ExpressionParser::parse_block_params(Call& call) {
    const std::size_t begin = at_;
    if (!take("as")) return false;
    skip_blanks();
    if (!take("|")) {
        at_ = begin;
        return false;
    }
    for (;;) {
        skip_blanks();
        if (take("|")) break;
        const std::size_t name = at_;
        while (is_id_char(peek()))
            ++at_;
        if (name == at_) fail(offset(), "the names between '|' and '|' are malformed");
        call.block_params.push_back(context_.names.key(text_.substr(name, at_ - name)));
    }
    if (call.block_params.empty() || call.block_params.size() > 2) {
        fail(offset(), "one or two names may stand between '|' and '|'");
    }
    return true;
}

Expression ExpressionParser::parse_expression(bool is_head) {
    const char c = peek();
    if (c == '(') return parse_subexpression();
    if (c == '"' || c == '\'') {
        if (!is_head) return parse_string();
        // {{"some name"}} is a variable of that name.
        const std::size_t begin = offset();
        const Expression string = parse_string();
        Path path;
        path.offset = begin;
        path.text = std::string(std::get<Literal>(string).node.view());
        path.segments.push_back(make_segment(path.text));
        return path;
    }
    if (!is_head) {
        if (c == '{') return parse_json_literal();
        if (c == '[') {
            const auto next = text_.find_first_not_of(white_space, at_ + 1);
            const char inside = next == text_.npos ? '\0' : text_[next];
            const bool is_json = inside == '"' || inside == '[' || inside == '{' || inside == ']' ||
                                 inside == '-' || is_digit(inside);
            if (is_json) return parse_json_literal();
        }
        if (is_digit(c) || (c == '-' && is_digit(peek(1)))) return parse_number();
        if (auto word = parse_word_literal()) return std::move(*word);
    }
    return parse_path();
}

Expression ExpressionParser::parse_subexpression() {
    if (++depth_ > max_call_depth) {
        fail(offset(), "sub-expressions are nested too deep",
             "at most " + std::to_string(max_call_depth) + " levels are allowed");
    }
    take("(");
    skip_blanks();
    auto call = std::make_unique<Call>();
    call->offset = offset();
    const std::size_t begin = at_;
    call->head = parse_expression(true);
    call->name = text_.substr(begin, at_ - begin);
    call->helper = find_helper(call->name, context_.mode);
    parse_arguments(*call, true, false);
    if (!take(")")) fail(call->offset, "a '(' has no ')'");
    --depth_;
    return call;
}

Expression ExpressionParser::parse_string() {
    const char quote = peek();
    ++at_;
    std::string value;
    while (!at_end() && peek() != quote) {
        // As handlebars.js: only the quote itself can be escaped.
        if (peek() == '\\' && peek(1) == quote) ++at_;
        value += peek();
        ++at_;
    }
    if (at_end()) fail(offset(), "a string is never closed");
    ++at_;
    return Literal{context_.program.constants.string(value)};
}

Expression ExpressionParser::parse_number() {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    while (is_digit(peek()) || peek() == '.' || peek() == 'e' || peek() == 'E' ||
           ((peek() == '+' || peek() == '-') && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E'))) {
        ++at_;
    }
    const std::string_view text = text_.substr(begin, at_ - begin);
    if (is_id_char(peek())) {
        fail(offset() - text.size(), "'" + std::string(text) + peek() + "…' is not a number");
    }
    try {
        return Literal{parse_json(text, "a number", context_.program.constants, context_.names)};
    } catch (const hab::sdk::Error&) {
        fail(offset() - text.size(), "'" + std::string(text) + "' is not a number");
    }
}

Expression ExpressionParser::parse_json_literal() {
    const std::size_t begin = at_;
    int depth = 0;
    do {
        const char c = peek();
        if (c == '"') {
            for (++at_; !at_end() && peek() != '"'; ++at_) {
                if (peek() == '\\') ++at_;
            }
        }
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        ++at_;
    } while (!at_end() && depth > 0);
    const std::string_view text = text_.substr(begin, at_ - begin);
    try {
        return Literal{parse_json(text, "the literal", context_.program.constants, context_.names)};
    } catch (const hab::sdk::Error& error) {
        fail(offset() - text.size(), error.message());
    }
}

std::optional<Expression> ExpressionParser::parse_word_literal() {
    for (const std::string_view word : {"true", "false", "null", "undefined"}) {
        const char next = peek(word.size());
        if (text_.substr(at_, word.size()) != word || is_id_char(next) || next == '.' ||
            next == '/' || next == '=' || next == '[') {
            continue;
        }
        at_ += word.size();
        if (word == "true" || word == "false") return Literal{Store::boolean(word == "true")};
        return Literal{Node{}};
    }
    return std::nullopt;
}

bool ExpressionParser::is_hash_ahead() const noexcept {
    std::size_t at = at_;
    while (at < text_.size() && is_id_char(text_[at]))
        ++at;
    return at > at_ && at < text_.size() && text_[at] == '=';
}

Segment ExpressionParser::make_segment(std::string_view key) {
    Segment segment;
    segment.key = context_.names.key(key);
    std::uint32_t index = 0;
    const auto done = std::from_chars(key.data(), key.data() + key.size(), index);
    if (!key.empty() && done.ec == std::errc{} && done.ptr == key.data() + key.size()) {
        segment.index = index;
    }
    return segment;
}

}  // namespace handlebars
