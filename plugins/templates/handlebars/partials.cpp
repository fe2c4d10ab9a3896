// SPDX-License-Identifier: Apache-2.0
// Partials: {{> name}}, {{#> name}} with a body, {{> @partial-block}}.
#include <hab/types.hpp>

#include "helpers.hpp"
#include "render.hpp"

namespace handlebars {
namespace {

constexpr int max_partial_depth = 60;
/// Partials that include each other twice double their number at each level.
constexpr int max_partial_calls = 100000;

}  // namespace

std::string Render::partial_name(Partial& partial) {
    if (!partial.call.name.empty()) return partial.call.name;
    const Value name = evaluate(partial.call.head);
    if (!name.node.is_text()) {
        fail(partial.call.offset, "the name of a partial must be a string, not " +
                                      std::string(describe(name.node.kind)));
    }
    return std::string(name.node.view());
}

void Render::render_partial(Partial& partial) {
    if (++partial_depth_ > max_partial_depth) {
        fail(partial.call.offset,
             "partials include each other more than " + std::to_string(max_partial_depth) +
                 " levels deep",
             "a partial that includes itself needs a condition that ends it");
    }
    if (++partial_calls_ > max_partial_calls) {
        fail(partial.call.offset,
             "one render calls more than " + std::to_string(max_partial_calls) + " partials");
    }
    const std::size_t begin = out_.size();
    if (partial.is_block_reference) {
        render_partial_block_reference(partial);
    } else {
        const std::string name = partial_name(partial);
        Program* program = nullptr;
        Body* body = nullptr;
        for (auto known = inlines_.rbegin(); known != inlines_.rend() && body == nullptr; ++known) {
            if (known->partial->name != name) continue;
            program = known->program;
            body = &known->partial->body;
        }
        if (body == nullptr) {
            program = environment_.find_partial(name);
            if (program != nullptr) body = &program->body;
        }
        if (body != nullptr) {
            call_partial(partial, *program, *body, partial.has_body);
        } else if (partial.has_body) {
            render_default(partial);
        } else if (environment_.mode == Mode::modern || environment_.is_strict) {
            fail_no_partial(partial, name);
        }
    }
    if (!partial.indent.empty()) indent_from(begin, partial.indent);
    --partial_depth_;
}

void Render::fail_no_partial(const Partial& partial, const std::string& name) const {
    const std::string near = environment_.near_partial(name);
    fail(partial.call.offset, "there is no partial '" + name + "'",
         near.empty() ? "every file below config/ is a partial under its relative path"
                      : "did you mean '" + near + "'?");
}

/// The body of {{#> name x}} where there is no such partial: with x as the context.
void Render::render_default(Partial& partial) {
    if (!partial.call.has_arguments()) return render_body(partial.body);
    call_partial(partial, *program_, partial.body, false);  // it is not its own partial block
}

void Render::call_partial(Partial& partial, Program& program, Body& body, bool gives_block) {
    Scope scope;
    scope.context = scopes_.back().context;
    scope.overlay = scopes_.back().overlay;
    scope.path_depth = scopes_.back().path_depth;
    scope.is_partial = true;
    if (!partial.call.params.empty()) {
        scope.context = evaluate(partial.call.params[0]);
        scope.overlay = nullptr;
    }
    std::vector<std::pair<KeyId, Value>> overlay;
    for (HashItem& item : partial.call.hash)
        overlay.emplace_back(item.key, evaluate(item.value));
    if (!overlay.empty()) {
        if (scope.overlay != nullptr) {
            overlay.insert(overlay.end(), scope.overlay->begin(), scope.overlay->end());
        }
        scope.overlay = &overlay;
    }
    const std::size_t inlines = inlines_.size();
    const std::size_t blocks = blocks_.size();
    Program* const caller = program_;
    if (gives_block) {
        // Inline partials written in the body are for the partial that is called.
        for (InlinePartial& made : partial.body.inlines)
            inlines_.push_back({&made, caller});
        blocks_.push_back({&partial.body, caller, blocks});
    }
    scopes_.push_back(scope);
    program_ = &program;
    render_body(body);
    program_ = caller;
    scopes_.pop_back();
    blocks_.resize(blocks);
    inlines_.resize(inlines);
}

void Render::render_partial_block_reference(Partial& partial) {
    if (blocks_.empty()) {
        if (environment_.mode == Mode::classic) return;
        fail(partial.call.offset, "'@partial-block' is used outside of a partial with a body",
             "call this partial as {{#> name}} … {{/name}}");
    }
    const std::vector<PartialBlock> saved = blocks_;
    const PartialBlock block = saved.back();
    Program* const caller = program_;
    blocks_.resize(block.outer);
    program_ = block.program;
    render_body(*block.body);
    program_ = caller;
    blocks_ = saved;
}

void Render::indent_from(std::size_t begin, const std::string& indent) {
    const std::string text(out_.view().substr(begin));
    out_.shrink(begin);
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto newline = rest.find('\n');
        const std::size_t length = newline == rest.npos ? rest.size() : newline + 1;
        append(indent);
        append(rest.substr(0, length));
        rest.remove_prefix(length);
    }
}

}  // namespace handlebars
