// SPDX-License-Identifier: Apache-2.0
// Blocks: if, unless, each, eachAlive, with, and {{#name}} sections.
#include <hab/types.hpp>
#include <utility>

#include "helpers.hpp"
#include "render.hpp"

namespace handlebars {

std::uint32_t Render::depth_of(const Expression& expression) const {
    const auto* path = std::get_if<Path>(&expression);
    if (path == nullptr) return 1;
    const auto steps = static_cast<std::uint32_t>(path->segments.size());
    if (path->base != Path::Base::context) return steps;
    if (path->up >= scopes_.size()) return steps;
    return scopes_[scopes_.size() - 1 - path->up].path_depth + steps;
}

void Render::render_block(Block& block) {
    switch (block.kind) {
        case BlockKind::if_:
        case BlockKind::unless:
            return render_condition(block);
        case BlockKind::each:
            return render_each(block);
        case BlockKind::each_alive:
            return render_each_alive(block);
        case BlockKind::with:
            return render_with(block, evaluate_subject(block));
        case BlockKind::section:
            return render_section(block);
        case BlockKind::unknown:
            break;
    }
    const std::string near = near_block(block.call.name);
    fail(block.call.offset, "there is no block helper '" + block.call.name + "'",
         near.empty() ? "the block helpers are if, unless, each, eachAlive and with"
                      : "did you mean '#" + near + "'?");
}

void Render::render_condition(Block& block) {
    bool zero_counts = false;
    for (HashItem& item : block.call.hash) {
        if (item.name == "includeZero") zero_counts = is_truthy(evaluate(item.value).node);
    }
    const bool is_true = is_truthy(evaluate_test(block.call.params[0]).node, zero_counts);
    render_body(is_true == (block.kind == BlockKind::if_) ? block.body : block.otherwise);
}

void Render::begin_loop(Block& block, const Value& list) {
    const bool is_object = list.node.kind == Kind::object;
    Scope scope;
    scope.context = {{}, list.store, any_pattern(list)};
    scope.path_depth = depth_of(block.call.params[0]) + 1;
    scope.has_locals = true;
    scope.has_last = !(environment_.mode == Mode::classic && is_object);
    if (!block.call.block_params.empty()) {
        scope.param_names = &block.call.block_params;
        ++named_scopes_;
    }
    scopes_.push_back(std::move(scope));
}

void Render::end_loop(Block& block) {
    if (!block.call.block_params.empty()) --named_scopes_;
    scopes_.pop_back();
}

void Render::set_loop_item(const Value& list, const LoopItem& at) {
    const bool is_object = list.node.kind == Kind::object;
    const bool classic = environment_.mode == Mode::classic;
    Scope& scope = scopes_.back();
    scope.context.node = list.store->child(list.node, at.position);
    scope.index = classic && is_object ? -1 : at.index;
    scope.first = at.first;
    scope.last = at.last;
    if (is_object) {
        const KeyId key = environment_.names.keys_of(list.node.children.shape)[at.position];
        scope.key = {Store::borrowed(environment_.names.text(key)), &scratch_, no_pattern};
    }
    if (scope.param_names != nullptr) {
        scope.params[0] = scope.context;
        if (is_object) {
            scope.params[1] = scope.key;
        } else if (scope.param_names->size() == 2) {
            scope.params[1] = {scratch_.integer(at.index), &scratch_, no_pattern};
        }
        // Classic: (key, value) of a table.
        if (classic && is_object && scope.param_names->size() == 2) {
            std::swap(scope.params[0], scope.params[1]);
        }
    }
}

void Render::render_loop_item(Block& block, const Value& list, const LoopItem& at) {
    set_loop_item(list, at);
    render_body(block.body);
}

void Render::render_joined_loop(Block& block, const Value& list) {
    Body& body = block.body;
    const std::size_t last = body.elements.size() - 1;
    append(std::get<Text>(body.elements.front().part).text);
    for (std::uint32_t i = 0; i < list.node.size; ++i) {
        const bool is_last = i + 1 == list.node.size;
        count_body();
        set_loop_item(list, {i, i, i == 0, is_last});
        render_flat(body, 1, last);
        if (!is_last) append(body.joint);
    }
    append(std::get<Text>(body.elements.back().part).text);
}

void Render::render_each(Block& block) {
    const Value list = evaluate_subject(block);
    if (!list.node.is_container() || list.node.size == 0) return render_body(block.otherwise);
    begin_loop(block, list);
    if (!block.body.joint.empty()) {
        render_joined_loop(block, list);
        return end_loop(block);
    }
    for (std::uint32_t i = 0; i < list.node.size; ++i) {
        render_loop_item(block, list, {i, i, i == 0, i + 1 == list.node.size});
    }
    end_loop(block);
}

/// Positions of the members of a list that are alive. All of them have been looked at.
std::vector<std::uint32_t> Render::alive_members(const Value& list) {
    std::vector<std::uint32_t> alive;
    const KeyId key = environment_.names.key("alive");
    ShapeId shape = no_shape;
    std::optional<std::uint32_t> slot;
    for (std::uint32_t i = 0; i < list.node.size; ++i) {
        const Node& member = list.store->child(list.node, i);
        if (member.kind != Kind::object) continue;
        if (member.children.shape != shape) {
            shape = member.children.shape;
            slot = environment_.names.slot(shape, key);
        }
        if (!slot) continue;
        const Node& value = list.store->child(member, *slot);
        if (value.kind == Kind::boolean && value.truth) alive.push_back(i);
    }
    if (wants_reads_) mark_read(environment_.patterns.child(any_pattern(list), key));
    return alive;
}

void Render::render_each_alive(Block& block) {
    const Value list = evaluate_subject(block);
    if (list.node.kind == Kind::null || (list.node.is_container() && list.node.size == 0)) {
        return render_body(block.otherwise);
    }
    if (!list.node.is_container()) {
        fail(block.call.offset,
             "'#eachAlive' needs a list, not " + std::string(describe(list.node.kind)));
    }
    if (list.node.kind == Kind::object) {
        // A table is taken for one member: its own values, if it is alive.
        const Value own = member(list, "alive");
        if (own.node.kind != Kind::boolean || !own.node.truth) return;
        begin_loop(block, list);
        for (std::uint32_t i = 0; i < list.node.size; ++i) {
            render_loop_item(block, list, {i, i, i == 0, i + 1 == list.node.size});
        }
        return end_loop(block);
    }
    const std::vector<std::uint32_t> alive = alive_members(list);
    begin_loop(block, list);
    for (std::size_t i = 0; i < alive.size(); ++i) {
        // Counts from 1, as upstream; templates depend on it.
        const auto index = static_cast<std::int64_t>(i) + 1;
        render_loop_item(block, list, {alive[i], index, i == 0, i + 1 == alive.size()});
    }
    end_loop(block);
}

void Render::render_with(Block& block, const Value& value) {
    if (!is_truthy(value.node)) return render_body(block.otherwise);
    Scope scope;
    scope.context = value;
    const bool is_section = block.kind == BlockKind::section;
    scope.path_depth = depth_of(is_section ? block.call.head : block.call.params[0]);
    const bool is_named = !block.call.block_params.empty();
    if (is_named) {
        scope.param_names = &block.call.block_params;
        scope.params[0] = value;
    }
    named_scopes_ += is_named ? 1 : 0;
    scopes_.push_back(std::move(scope));
    render_body(block.body);
    scopes_.pop_back();
    named_scopes_ -= is_named ? 1 : 0;
}

void Render::render_section(Block& block) {
    const bool saved = std::exchange(allows_missing_, true);
    const Value value = evaluate_head(block.call);
    allows_missing_ = saved;
    const Node& node = value.node;
    if (node.kind == Kind::null || (node.kind == Kind::boolean && !node.truth)) {
        return render_body(block.otherwise);
    }
    if (node.kind == Kind::boolean) return render_body(block.body);
    if (node.kind != Kind::array) return render_with(block, value);
    if (node.size == 0) return render_body(block.otherwise);
    for (std::uint32_t i = 0; i < node.size; ++i) {
        Scope scope;
        scope.context = item(value, i);
        scope.path_depth = depth_of(block.call.head) + 1;
        scope.has_locals = true;
        scope.index = i;
        scope.first = i == 0;
        scope.last = i + 1 == node.size;
        scopes_.push_back(std::move(scope));
        render_body(block.body);
        scopes_.pop_back();
    }
}

}  // namespace handlebars
