// SPDX-License-Identifier: Apache-2.0
// The half of Inspect that walks through bodies: blocks and partials.
#include "helpers.hpp"
#include "inspect.hpp"

namespace handlebars {
namespace {

constexpr int max_partial_depth = 60;
/// Ends templates that are made to double at each level.
constexpr int max_partial_calls = 2000;

template <class... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

}  // namespace

void Inspect::walk(const Body& body) {
    const std::size_t inlines = inlines_.size();
    for (const InlinePartial& made : body.inlines)
        inlines_.push_back({&made, program_});
    for (const Element& element : body.elements) {
        std::visit(
            Overloaded{[](const Text&) {}, [&](const Output& output) { head(output.call, false); },
                       [&](const std::unique_ptr<Block>& block) { walk_block(*block); },
                       [&](const std::unique_ptr<Partial>& partial) { walk_partial(*partial); }},
            element.part);
    }
    inlines_.resize(inlines);
}

void Inspect::walk_guarded(const Body& body, const std::vector<PatternId>& guards) {
    const std::size_t before = guards_.size();
    guards_.insert(guards_.end(), guards.begin(), guards.end());
    walk(body);
    guards_.resize(before);
}

void Inspect::walk_block(const Block& block) {
    switch (block.kind) {
        case BlockKind::if_:
        case BlockKind::unless:
            return walk_condition(block);
        case BlockKind::each:
        case BlockKind::each_alive:
            return walk_loop(block);
        case BlockKind::with:
            return walk_with(block);
        case BlockKind::section:
            return walk_section(block);
        case BlockKind::unknown:
            break;
    }
    report(HAB_REFERENCE_HELPER, HAB_REFERENCE_UNKNOWN, block.call.offset, block.call.name,
           near_block(block.call.name));
    walk(block.body);
    walk(block.otherwise);
}

void Inspect::walk_condition(const Block& block) {
    const Expression& subject = block.call.params[0];
    std::vector<PatternId> guards;
    collect_guards(subject, expression(subject, true), guards);
    const bool is_if = block.kind == BlockKind::if_;
    walk_guarded(block.body, is_if ? guards : std::vector<PatternId>{});
    walk_guarded(block.otherwise, is_if ? std::vector<PatternId>{} : guards);
}

void Inspect::walk_loop(const Block& block) {
    const Expression& subject = block.call.params[0];
    const PatternId list = expression(subject, block.has_else);
    std::vector<PatternId> guards;
    collect_guards(subject, list, guards);
    Scope scope;
    scope.context = environment_.patterns.is_dynamic(list) ? list : environment_.patterns.any(list);
    scope.path_depth = depth_of(subject) + 1;
    scope.param_names = &block.call.block_params;
    scope.params[0] = scope.context;
    // Of a table, classic mode gives the key first; whether it is one shows only later.
    if (environment_.mode == Mode::classic) scope.params[1] = scope.context;
    scopes_.push_back(std::move(scope));
    walk_guarded(block.body, guards);
    scopes_.pop_back();
    walk(block.otherwise);
}

void Inspect::walk_with(const Block& block) {
    const Expression& subject = block.call.params[0];
    const PatternId value = expression(subject, block.has_else);
    std::vector<PatternId> guards;
    collect_guards(subject, value, guards);
    Scope scope;
    scope.context = value;
    scope.path_depth = depth_of(subject);
    scope.param_names = &block.call.block_params;
    scope.params[0] = value;
    scopes_.push_back(std::move(scope));
    walk_guarded(block.body, guards);
    scopes_.pop_back();
    walk(block.otherwise);
}

/// {{#name}}: once with a value, or for each element of a list; which of them shows only later.
void Inspect::walk_section(const Block& block) {
    const PatternId value = head(block.call, true);
    std::vector<PatternId> guards;
    collect_guards(block.call.head, value, guards);
    Scope scope;
    scope.context = value == no_pattern || environment_.patterns.is_dynamic(value)
                        ? value
                        : environment_.patterns.dynamic(value);
    scope.path_depth = depth_of(block.call.head);
    scope.param_names = &block.call.block_params;
    scope.params[0] = scope.context;
    scopes_.push_back(std::move(scope));
    walk_guarded(block.body, guards);
    scopes_.pop_back();
    walk(block.otherwise);
}

void Inspect::walk_partial(const Partial& partial) {
    if (partial.is_block_reference) return walk_partial_block_reference();
    if (partial.call.name.empty()) {
        expression(partial.call.head, false);
        report(HAB_REFERENCE_PARTIAL, HAB_REFERENCE_DYNAMIC, partial.call.offset, "");
        for (const Expression& param : partial.call.params)
            expression(param, false);
        for (const HashItem& item : partial.call.hash)
            expression(item.value, false);
        return;
    }
    const std::string& name = partial.call.name;
    const Program* program = nullptr;
    const Body* body = nullptr;
    for (auto known = inlines_.rbegin(); known != inlines_.rend() && body == nullptr; ++known) {
        if (known->partial->name != name) continue;
        program = known->program;
        body = &known->partial->body;
    }
    if (body == nullptr) {
        program = environment_.find_partial(name);
        if (program != nullptr) body = &program->body;
    }
    if (body == nullptr && !partial.has_body) {
        report(HAB_REFERENCE_PARTIAL, HAB_REFERENCE_UNKNOWN, partial.call.offset, name,
               environment_.near_partial(name));
    } else {
        report(HAB_REFERENCE_PARTIAL, body == nullptr ? HAB_REFERENCE_TEST : 0u,
               partial.call.offset, name);
    }
    if (body != nullptr) {
        enter_partial(partial, *program, *body, partial.has_body);
    } else if (partial.has_body) {
        enter_partial(partial, *program_, partial.body, false);
    }
}

void Inspect::enter_partial(const Partial& partial, const Program& program, const Body& body,
                            bool gives_block) {
    Scope scope;
    scope.context = scopes_.back().context;
    scope.overlay = scopes_.back().overlay;
    scope.path_depth = scopes_.back().path_depth;
    scope.is_partial = true;
    if (!partial.call.params.empty()) {
        scope.context = expression(partial.call.params[0], false);
        scope.overlay.clear();
    }
    std::vector<std::pair<KeyId, PatternId>> overlay;
    for (const HashItem& item : partial.call.hash)
        overlay.emplace_back(item.key, expression(item.value, false));
    scope.overlay.insert(scope.overlay.begin(), overlay.begin(), overlay.end());
    // A body given along has its own ways in; a partial entered the same way twice has not.
    if (!gives_block && !visits_.emplace(&body, scope.context, guards_, scope.overlay).second) {
        return;
    }
    if (partial_depth_ >= max_partial_depth || ++partial_calls_ > max_partial_calls) return;
    ++partial_depth_;
    const std::size_t inlines = inlines_.size();
    const std::size_t blocks = blocks_.size();
    const Program* const caller = program_;
    if (gives_block) {
        for (const InlinePartial& made : partial.body.inlines)
            inlines_.push_back({&made, caller});
        blocks_.push_back({&partial.body, caller, blocks});
    }
    scopes_.push_back(std::move(scope));
    program_ = &program;
    walk(body);
    program_ = caller;
    scopes_.pop_back();
    blocks_.resize(blocks);
    inlines_.resize(inlines);
    --partial_depth_;
}

void Inspect::walk_partial_block_reference() {
    if (blocks_.empty() || ++partial_calls_ > max_partial_calls) return;
    const std::vector<PartialBlock> saved = blocks_;
    const PartialBlock block = saved.back();
    const Program* const caller = program_;
    blocks_.resize(block.outer);
    program_ = block.program;
    walk(*block.body);
    program_ = caller;
    blocks_ = saved;
}

}  // namespace handlebars
