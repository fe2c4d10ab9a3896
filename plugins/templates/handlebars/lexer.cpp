// SPDX-License-Identifier: Apache-2.0
#include "lexer.hpp"

namespace handlebars {
namespace {

constexpr std::string_view white_space = " \t\r\n";

class Lexer {
public:
    Lexer(const Source& source, Mode mode) : source_(source), text_(source.text), mode_(mode) {}

    std::vector<Token> run() {
        std::size_t text_begin = 0;
        std::size_t from = 0;  // where to look for the next tag
        for (;;) {
            const std::size_t open = text_.find("{{", from);
            if (open == text_.npos) break;
            std::size_t slashes = 0;
            while (open - slashes > text_begin && text_[open - slashes - 1] == '\\')
                ++slashes;
            if (slashes != 0 && is_escape(slashes)) {
                escape(text_begin, open, slashes);
                from = open + 2;
                continue;
            }
            // Pairs of backslashes before a live tag: one of the last two is printed.
            add_text(text_begin, open - (slashes == 0 ? 0 : 1));
            text_begin = from = tag(open);
        }
        add_text(text_begin, text_.size());
        return std::move(tokens_);
    }

private:
    /// Modern: \{{ escapes, \\{{ is a backslash and a live tag. Classic: every backslash escapes.
    [[nodiscard]] bool is_escape(std::size_t slashes) const {
        return mode_ == Mode::classic || slashes == 1;
    }

    /// Ends the text before an escaped tag; the next text begins with the braces themselves.
    /// Classic keeps a single backslash and drops two of several, as the engine of that time.
    void escape(std::size_t& text_begin, std::size_t open, std::size_t slashes) {
        if (mode_ == Mode::classic && slashes == 1) {
            return;
        }
        add_text(text_begin, open - (mode_ == Mode::classic ? 2 : 1));
        text_begin = open;
    }

    void add_text(std::size_t begin, std::size_t end) {
        if (begin >= end) return;
        Token token;
        token.offset = begin;
        token.text = text_.substr(begin, end - begin);
        tokens_.push_back(token);
    }

    [[nodiscard]] bool starts(std::size_t at, std::string_view what) const {
        return text_.substr(at, what.size()) == what;
    }
    [[nodiscard]] std::size_t skip_blanks(std::size_t at) const {
        const auto next = text_.find_first_not_of(white_space, at);
        return next == text_.npos ? text_.size() : next;
    }

    /// Reads the tag at `open` and returns the offset behind it.
    std::size_t tag(std::size_t open) {
        if (starts(open, "{{{{")) return raw_block(open);
        Token token;
        token.offset = open;
        std::size_t at = open + 2;
        if (starts(at, "~")) {
            token.trim_left = true;
            ++at;
        }
        if (starts(at, "{")) return finish(token, TokenKind::value, at + 1, "}");
        at = skip_blanks(at);
        if (starts(at, "!")) return comment(token, at + 1);
        if (starts(at, "&")) return finish(token, TokenKind::value, at + 1, "");
        if (starts(at, ">")) return finish(token, TokenKind::partial, at + 1, "");
        if (starts(at, "/")) return finish(token, TokenKind::close, at + 1, "");
        if (starts(at, "^")) {
            const std::size_t end = finish(token, TokenKind::inverse, at + 1, "");
            Token& made = tokens_.back();
            if (made.inner.find_first_not_of(white_space) == made.inner.npos) {
                made.kind = TokenKind::otherwise;
            }
            return end;
        }
        if (starts(at, "#")) {
            if (starts(at + 1, ">")) return finish(token, TokenKind::partial_block, at + 2, "");
            if (starts(at + 1, "*")) return finish(token, TokenKind::decorator, at + 2, "");
            return finish(token, TokenKind::open, at + 1, "");
        }
        if (is_else(at)) return finish(token, TokenKind::otherwise, at + 4, "");
        return finish(token, TokenKind::value, at, "");
    }

    [[nodiscard]] bool is_else(std::size_t at) const {
        if (!starts(at, "else") || at + 4 >= text_.size()) return false;
        const char next = text_[at + 4];
        return next == '}' || next == '~' || white_space.find(next) != white_space.npos;
    }

    /// Takes the tag's inside up to "}}" (with `brace` before it), respecting quotes and brackets.
    std::size_t finish(Token& token, TokenKind kind, std::size_t begin, std::string_view brace) {
        std::size_t at = begin;
        int depth = 0;  // of {…} literals
        while (at < text_.size()) {
            const char c = text_[at];
            if (c == '"' || c == '\'') {
                at = skip_string(token.offset, at);
                continue;
            }
            if (c == '[' && !starts(at + 1, "\"") && !starts(at + 1, "'")) {
                const auto close = text_.find_first_of("]}", at);
                if (close != text_.npos && text_[close] == ']') at = close;
            } else if (c == '{') {
                ++depth;
            } else if (c == '}' && depth > 0) {
                --depth;
            } else if (c == '}') {
                break;
            }
            ++at;
        }
        std::size_t end = at;
        if (!starts(at, brace) || at >= text_.size()) unclosed(token.offset);
        at += brace.size();
        if (brace.empty() && end > begin && text_[end - 1] == '~') {
            token.trim_right = true;
            --end;
        } else if (!brace.empty() && starts(at, "~")) {
            token.trim_right = true;
            ++at;
        }
        if (!starts(at, "}}")) unclosed(token.offset);
        token.kind = kind;
        token.inner = text_.substr(begin, end - begin);
        tokens_.push_back(token);
        return at + 2;
    }

    std::size_t skip_string(std::size_t tag_offset, std::size_t at) {
        const char quote = text_[at];
        std::size_t end = at + 1;
        while (end < text_.size() && text_[end] != quote)
            end += text_[end] == '\\' ? 2 : 1;
        if (end >= text_.size()) {
            source_.fail(at, "a string is never closed",
                         "the tag begins at " + source_.where(tag_offset));
        }
        return end + 1;
    }

    std::size_t comment(Token& token, std::size_t at) {
        const bool is_long = starts(at, "--");
        const std::string_view mark = is_long ? "--" : "";
        std::size_t end = at;
        for (;; ++end) {
            end = text_.find(is_long ? "--" : "}}", end);
            if (end == text_.npos) unclosed(token.offset);
            const std::size_t behind = end + mark.size();
            if (starts(behind, "}}")) break;
            if (is_long && starts(behind, "~}}")) break;
        }
        std::size_t behind = end + mark.size();
        if (starts(behind, "~")) {
            token.trim_right = true;
            ++behind;
        } else if (!is_long && token.trim_left && end > at && text_[end - 1] == '~') {
            // {{!~ c ~}} is a comment that holds tildes; only {{~! c ~}} trims.
            token.trim_right = true;
        }
        token.kind = TokenKind::comment;
        tokens_.push_back(token);
        return behind + 2;
    }

    std::size_t raw_block(std::size_t open) {
        const std::size_t end = text_.find("}}}}", open + 4);
        if (end == text_.npos) unclosed(open);
        Token token;
        token.kind = TokenKind::raw;
        token.offset = open;
        token.inner = text_.substr(open + 4, end - open - 4);
        const auto from = token.inner.find_first_not_of(white_space);
        const auto to = token.inner.find_first_of(white_space, from);
        const std::string name(from == token.inner.npos ? "" : token.inner.substr(from, to - from));
        const std::string close = "{{{{/" + name + "}}}}";
        const std::size_t begin = end + 4;
        const std::size_t stop = text_.find(close, begin);
        if (name.empty() || stop == text_.npos) {
            source_.fail(open, "the raw block '" + name + "' is never closed",
                         "end it with " + close);
        }
        token.text = text_.substr(begin, stop - begin);
        tokens_.push_back(token);
        return stop + close.size();
    }

    [[noreturn]] void unclosed(std::size_t offset) const {
        source_.fail(offset, "a tag is never closed",
                     "every '{{' needs its '}}'; write '\\{{' to print the braces");
    }

    const Source& source_;
    std::string_view text_;
    Mode mode_;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(const Source& source, Mode mode) {
    std::vector<Token> tokens = Lexer(source, mode).run();
    apply_whitespace_rules(tokens, mode);
    return tokens;
}

}  // namespace handlebars
