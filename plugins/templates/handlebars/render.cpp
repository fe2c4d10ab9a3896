// SPDX-License-Identifier: Apache-2.0
#include "render.hpp"

#include <algorithm>
#include <hab/types.hpp>
#include <utility>

#include "helpers.hpp"

namespace handlebars {
namespace {

constexpr int max_nested_bodies = 400;
/// Memory for output that an engine keeps from one render to the next.
constexpr std::size_t kept_output = 512 << 10;
/// Nested loops multiply: a bound that no honest template reaches ends those that would run for
/// hours.
constexpr int max_bodies = 1'000'000;

template <class... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

}  // namespace

Render::Render(Environment& environment, Value root, bool wants_reads, OutputBuffer& out)
    : environment_(environment), root_(root), wants_reads_(wants_reads), out_(out) {
    out_.reset(environment.output_limit, kept_output);
    Scope top;
    top.context = root;
    scopes_.reserve(8);
    scopes_.push_back(top);
}

void Render::run(Program& program) {
    program_ = &program;
    render_body(program.body);
}

void Render::fail(std::size_t offset, std::string message, std::string hint) const {
    program_->source.fail(offset, std::move(message), std::move(hint));
}

void Render::warn(std::size_t offset, const std::string& message) {
    environment_.host.warn(program_->source.where(offset) + ": " + message);
}

void Render::mark_read(PatternId pattern) {
    if (!wants_reads_ || pattern == no_pattern) return;
    if (pattern >= is_read_.size()) is_read_.resize(environment_.patterns.size(), 0);
    if (is_read_[pattern] != 0) return;
    is_read_[pattern] = 1;
    reads_.push_back(pattern);
}

[[gnu::always_inline]] inline const Node* Render::find_quickly(const Path& path) {
    const Scope& scope = scopes_.back();
    if (path.base != Path::Base::context || path.up != 0 || scope.overlay != nullptr ||
        (!path.is_explicit && named_scopes_ != 0)) {
        return nullptr;
    }
    const Node* node = &scope.context.node;
    for (const Segment& segment : path.segments) {
        if (node->kind != Kind::object || segment.cached_shape != node->children.shape ||
            segment.cached_slot == no_slot) {
            return nullptr;
        }
        node = &scope.context.store->child(*node, segment.cached_slot);
    }
    if (wants_reads_) {
        if (path.cached_from != scope.context.pattern || path.cached_segment != 0) return nullptr;
        mark_read(path.cached_pattern);
    }
    return node;
}

void Render::render_output(Output& output) {
    if (output.is_path) {
        const Node* node = find_quickly(std::get<Path>(output.call.head));
        if (node != nullptr && (node->kind == Kind::string || node->kind == Kind::number)) {
            return append(node->view());
        }
    }
    append_value(output.call.has_arguments() ? evaluate_call(output.call)
                                             : evaluate_head(output.call));
}

void Render::count_body() {
    if (++bodies_ <= max_bodies) return;
    program_->source.fail(0, "the blocks and loops of one render run more than 1000000 times",
                          "look for loops inside of loops");
}

void Render::render_body(Body& body) {
    if (++depth_ > max_nested_bodies) {
        program_->source.fail(0, "blocks and partials are nested more than " +
                                     std::to_string(max_nested_bodies) + " levels deep");
    }
    count_body();
    if (body.is_flat) {
        render_flat(body, 0, body.elements.size());
        --depth_;
        return;
    }
    const std::size_t inlines = inlines_.size();
    for (InlinePartial& inline_partial : body.inlines) {
        inlines_.push_back({&inline_partial, program_});
    }
    for (Element& element : body.elements) {
        std::visit(Overloaded{[&](Text& text) { append(text.text); },
                              [&](Output& output) { render_output(output); },
                              [&](std::unique_ptr<Block>& block) { render_block(*block); },
                              [&](std::unique_ptr<Partial>& partial) { render_partial(*partial); }},
                   element.part);
    }
    inlines_.resize(inlines);
    --depth_;
}

void Render::render_flat(Body& body, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        Element& element = body.elements[i];
        if (const auto* text = std::get_if<Text>(&element.part)) {
            append(text->text);
        } else {
            render_output(*std::get_if<Output>(&element.part));
        }
    }
}

void Render::fail_too_large() const {
    hab::sdk::raise(HAB_STATUS_FAILED,
                    "the output of " + program_->source.name + " is larger than " +
                        std::to_string(environment_.output_limit) + " bytes",
                    "raise the engine's option output-limit, or look for a loop that is too long");
}

void Render::append_value(const Value& value) {
    const Node& node = value.node;
    switch (node.kind) {
        case Kind::null:
            return;
        case Kind::boolean:
            return append(node.truth ? "true" : "false");
        case Kind::number:
        case Kind::string:
            return append(node.view());
        case Kind::object:
            return append("[object]");
        case Kind::array:
            break;
    }
    append("[");
    for (std::uint32_t i = 0; i < node.size; ++i) {
        if (i != 0 && environment_.mode == Mode::modern) append(", ");
        append_value(item(value, i));
        // The engines before 2020 wrote the comma behind each element.
        if (environment_.mode == Mode::classic) append(", ");
    }
    append("]");
}

Value Render::evaluate(Expression& expression) {
    return std::visit(
        Overloaded{
            [&](Path& path) { return resolve(path); },
            [&](Literal& literal) { return Value{literal.node, &program_->constants, no_pattern}; },
            [&](std::unique_ptr<Call>& call) {
                return call->has_arguments() ? evaluate_call(*call) : evaluate_head(*call);
            }},
        expression);
}

Value Render::evaluate_head(Call& call) {
    Path* path = std::get_if<Path>(&call.head);
    if (path == nullptr) return evaluate(call.head);
    Value param;
    // The engines of 2016 to 2024 took a bare name for a variable, whatever helpers there were.
    if (call.helper == nullptr || environment_.mode == Mode::classic ||
        find_block_param(*path, param)) {
        return resolve(*path);
    }
    return evaluate_call(call);
}

Value Render::evaluate_call(Call& call) {
    if (call.helper == nullptr) {
        const bool is_block = call.name == "if" || call.name == "unless" || call.name == "each" ||
                              call.name == "with" || call.name == "eachAlive";
        const std::string near = is_block ? "" : near_helper(call.name, environment_.mode);
        fail(call.offset, "there is no helper '" + call.name + "'",
             is_block        ? "a block begins with '#': {{#" + call.name + " …}}"
             : !near.empty() ? "did you mean '" + near + "'?"
                             : "the guide to templates lists the helpers");
    }
    const Helper& helper = *call.helper;
    std::vector<Value> params;
    params.reserve(call.params.size());
    const bool saved = std::exchange(allows_missing_, helper.asks);
    for (Expression& param : call.params)
        params.push_back(evaluate(param));
    allows_missing_ = saved;
    const Arguments arguments{*this, call, params};
    if (params.size() < helper.min_params || params.size() > helper.max_params) {
        const std::string wanted = helper.min_params == helper.max_params
                                       ? std::to_string(helper.min_params)
                                       : (params.size() < helper.min_params
                                              ? "at least " + std::to_string(helper.min_params)
                                              : "at most " + std::to_string(helper.max_params));
        arguments.fail("needs " + wanted + " argument(s), but has " +
                       std::to_string(params.size()));
    }
    return helper.run(arguments);
}

}  // namespace handlebars
