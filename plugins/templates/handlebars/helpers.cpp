// SPDX-License-Identifier: Apache-2.0
#include "helpers.hpp"

#include "near.hpp"
#include "render.hpp"

namespace handlebars {

Value Arguments::named(std::string_view name) const {
    for (const HashItem& item : call.hash) {
        if (item.name != name) continue;
        if (const auto* literal = std::get_if<Literal>(&item.value)) {
            return {literal->node, &render.program().constants, no_pattern};
        }
    }
    return {};
}

std::string_view Arguments::string(std::size_t index) const {
    const Node& node = params[index].node;
    if (!node.is_text()) {
        fail("argument " + std::to_string(index + 1) + " must be a string, but is " +
                 std::string(describe(node.kind)),
             node.kind == Kind::null
                 ? "the value is missing: check the name, or set it in default.toml"
                 : "");
    }
    return node.view();
}

void Arguments::fail(const std::string& message, std::string hint) const {
    render.fail(call.offset, "helper '" + call.name + "': " + message, std::move(hint));
}

Value Arguments::make_string(std::string_view text) const {
    return {render.scratch().string(text), &render.scratch(), no_pattern};
}

Value Arguments::make_boolean(bool value) noexcept {
    return {Store::boolean(value), nullptr, no_pattern};
}

const Helper* find_helper(std::string_view name, Mode mode) noexcept {
    for (const auto room : {comparison_helpers(), text_helpers(), data_helpers()}) {
        for (const Helper& helper : room) {
            if (helper.name != name) continue;
            return (mode == Mode::modern ? helper.in_modern : helper.in_classic) ? &helper
                                                                                 : nullptr;
        }
    }
    return nullptr;
}

std::string near_helper(std::string_view name, Mode mode) {
    template_plugins::NearMatch near(name);
    for (const auto room : {comparison_helpers(), text_helpers(), data_helpers()}) {
        for (const Helper& helper : room) {
            if (mode == Mode::modern ? helper.in_modern : helper.in_classic) {
                near.offer(helper.name);
            }
        }
    }
    return near.found();
}

std::string near_block(std::string_view name) {
    template_plugins::NearMatch near(name);
    for (const std::string_view block : {"if", "unless", "each", "eachAlive", "with"})
        near.offer(block);
    return near.found();
}

}  // namespace handlebars
