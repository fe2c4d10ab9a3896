// SPDX-License-Identifier: Apache-2.0
#include "parser.hpp"

#include <algorithm>

#include "expression_parser.hpp"
#include "helpers.hpp"
#include "lexer.hpp"

namespace handlebars {

Body::Body() = default;
Body::Body(Body&&) noexcept = default;
Body& Body::operator=(Body&&) noexcept = default;
Body::~Body() = default;

namespace {

constexpr int max_block_depth = 100;
constexpr std::size_t max_template = 8u << 20;

BlockKind block_kind(std::string_view name) {
    if (name == "if") return BlockKind::if_;
    if (name == "unless") return BlockKind::unless;
    if (name == "each") return BlockKind::each;
    if (name == "eachAlive") return BlockKind::each_alive;
    if (name == "with") return BlockKind::with;
    return BlockKind::unknown;
}

class Parser {
public:
    Parser(Program& program, Names& names, Mode mode)
        : context_{program, names, mode}, tokens_(tokenize(program.source, mode)) {}

    void run() {
        context_.program.body = parse_body();
        if (at_ == tokens_.size()) return;
        const Token& stray = tokens_[at_];
        if (stray.kind == TokenKind::close) {
            fail(stray, "'{{/" + close_name(stray) + "}}' closes a block that was never opened");
        }
        fail(stray, "'{{else}}' stands outside of any block");
    }

private:
    [[noreturn]] void fail(const Token& token, std::string message, std::string hint = {}) const {
        context_.program.source.fail(token.offset, std::move(message), std::move(hint));
    }
    [[nodiscard]] ExpressionParser inside(const Token& token) const {
        return {context_, token.inner};
    }
    [[nodiscard]] std::string close_name(const Token& token) const {
        return inside(token).parse_close();
    }

    /// Elements up to an {{else}}, a closing tag or the end; that token is not consumed.
    Body parse_body() {
        Body body;
        for (; at_ < tokens_.size(); ++at_) {
            const Token& token = tokens_[at_];
            if (token.kind == TokenKind::close || token.kind == TokenKind::otherwise) break;
            parse_element(body, token);
        }
        body.elements.shrink_to_fit();
        body.is_flat = body.inlines.empty() &&
                       std::all_of(body.elements.begin(), body.elements.end(), is_flat);
        if (body.is_flat && body.elements.size() > 1) {
            const auto* first = std::get_if<Text>(&body.elements.front().part);
            const auto* last = std::get_if<Text>(&body.elements.back().part);
            if (first != nullptr && last != nullptr) body.joint = last->text + first->text;
        }
        return body;
    }

    static bool is_flat(const Element& element) {
        const auto* output = std::get_if<Output>(&element.part);
        return std::holds_alternative<Text>(element.part) || (output != nullptr && output->is_path);
    }

    /// Leaves at_ on the last token of the element.
    void parse_element(Body& body, const Token& token) {
        switch (token.kind) {
            case TokenKind::text:
                add_text(body, token.text);
                break;
            case TokenKind::value:
                body.elements.push_back({parse_output(token)});
                break;
            case TokenKind::open:
            case TokenKind::inverse:
                body.elements.push_back({std::make_unique<Block>(parse_block(token))});
                break;
            case TokenKind::raw:
                parse_raw(body, token);
                break;
            case TokenKind::partial:
                body.elements.push_back({std::make_unique<Partial>(parse_partial(token))});
                break;
            case TokenKind::partial_block:
                body.elements.push_back({std::make_unique<Partial>(parse_partial_block(token))});
                break;
            case TokenKind::decorator:
                body.inlines.push_back(parse_inline(token));
                break;
            case TokenKind::comment:
            case TokenKind::close:
            case TokenKind::otherwise:
                break;
        }
    }

    [[nodiscard]] Output parse_output(const Token& token) const {
        Output output{inside(token).parse_call(false)};
        const Call& call = output.call;
        output.is_path = std::holds_alternative<Path>(call.head) && !call.has_arguments() &&
                         (call.helper == nullptr || context_.mode == Mode::classic);
        return output;
    }

    static void add_text(Body& body, std::string_view text) {
        if (text.empty()) return;
        if (!body.elements.empty()) {
            if (auto* last = std::get_if<Text>(&body.elements.back().part)) {
                last->text += text;
                return;
            }
        }
        body.elements.push_back({Text{std::string(text)}});
    }

    void parse_raw(Body& body, const Token& token) {
        const Call call = inside(token).parse_call(false);
        if (call.name != "raw") {
            fail(token, "there is no raw block helper '" + call.name + "'",
                 "the only raw block is {{{{raw}}}} … {{{{/raw}}}}");
        }
        add_text(body, token.text);
    }

    void enter(const Token& token) {
        if (++depth_ > max_block_depth) {
            fail(token, "blocks are nested too deep",
                 "at most " + std::to_string(max_block_depth) + " levels are allowed");
        }
    }

    Block parse_block(const Token& token) {
        enter(token);
        Block block;
        block.call = inside(token).parse_call(true);
        set_kind(block, token);
        ++at_;
        block.body = parse_body();
        parse_otherwise(block);
        expect_close(token, block.call.name);
        if (token.kind == TokenKind::inverse) {
            std::swap(block.body, block.otherwise);
            block.has_else = true;
        }
        --depth_;
        return block;
    }

    void parse_otherwise(Block& block) {
        if (at_ >= tokens_.size() || tokens_[at_].kind != TokenKind::otherwise) return;
        block.has_else = true;
        block.otherwise = parse_else();
    }

    void set_kind(Block& block, const Token& token) const {
        Call& call = block.call;
        block.kind = block_kind(call.name);
        if (block.kind != BlockKind::unknown) {
            if (call.params.size() != 1) {
                context_.program.source.fail(
                    call.offset, "'#" + call.name + "' needs exactly one argument, but has " +
                                     std::to_string(call.params.size()));
            }
            return;
        }
        if (!call.has_arguments()) block.kind = BlockKind::section;
        if (token.kind == TokenKind::inverse && call.has_arguments()) {
            context_.program.source.fail(call.offset, "'^" + call.name + "' is not a block helper");
        }
    }

    /// At an {{else}}: parses what follows up to the closing tag. A chain ({{else if x}}) is a
    /// block of its own inside the else part and shares the closing tag.
    Body parse_else() {
        const Token& token = tokens_[at_];
        const bool is_chain = token.inner.find_first_not_of(" \t\r\n") != std::string_view::npos;
        if (!is_chain) {
            ++at_;
            Body body = parse_body();
            if (at_ < tokens_.size() && tokens_[at_].kind == TokenKind::otherwise) {
                fail(tokens_[at_], "a block has a second '{{else}}'");
            }
            return body;
        }
        enter(token);
        Block block;
        block.call = inside(token).parse_call(true);
        set_kind(block, token);
        ++at_;
        block.body = parse_body();
        parse_otherwise(block);
        --depth_;
        Body body;
        body.elements.push_back({std::make_unique<Block>(std::move(block))});
        return body;
    }

    void expect_close(const Token& open, const std::string& name) const {
        if (at_ >= tokens_.size()) {
            fail(open, "the block '" + name + "' is never closed", "end it with {{/" + name + "}}");
        }
        const Token& close = tokens_[at_];
        if (close.kind == TokenKind::otherwise) fail(close, "'{{else}}' does not belong here");
        const std::string found = close_name(close);
        if (found != name) {
            fail(close,
                 "'{{/" + found + "}}' closes the block '" + name + "' that began at " +
                     context_.program.source.where(open.offset),
                 "the names must be equal: write {{/" + name + "}}");
        }
    }

    Partial parse_partial(const Token& token) const {
        Partial partial;
        partial.call = inside(token).parse_partial();
        partial.is_block_reference = partial.call.name == "@partial-block";
        partial.indent = token.indent;
        return partial;
    }

    Partial parse_partial_block(const Token& token) {
        enter(token);
        Partial partial = parse_partial(token);
        partial.indent.clear();
        partial.has_body = true;
        ++at_;
        partial.body = parse_body();
        expect_close(token, partial.call.name);
        --depth_;
        return partial;
    }

    InlinePartial parse_inline(const Token& token) {
        enter(token);
        const Call call = inside(token).parse_call(false);
        const auto* name =
            call.params.size() == 1 ? std::get_if<Literal>(&call.params[0]) : nullptr;
        if (call.name != "inline" || name == nullptr || !name->node.is_text()) {
            fail(token, "only {{#*inline \"name\"}} is a known decorator");
        }
        InlinePartial made;
        made.name = std::string(name->node.view());
        ++at_;
        made.body = parse_body();
        expect_close(token, "inline");
        --depth_;
        return made;
    }

    ParseContext context_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

std::unique_ptr<Program> parse(std::string_view name, std::string_view text, Names& names,
                               Mode mode) {
    auto program = std::make_unique<Program>();
    program->source = {std::string(name), std::string(text)};
    if (text.size() > max_template) {
        program->source.fail(
            0, "the template is larger than " + std::to_string(max_template >> 20) + " MiB");
    }
    Parser(*program, names, mode).run();
    return program;
}

}  // namespace handlebars
