// SPDX-License-Identifier: Apache-2.0
// The strict option: a missing value is an error that names what was probably meant.
#include <hab/types.hpp>

#include "near.hpp"
#include "render.hpp"

namespace handlebars {
namespace {

constexpr std::size_t most_listed = 8;

}  // namespace

/// What a table has instead of a missing member.
std::string Render::members_hint(const Value& table, const Path& path, std::size_t missing) const {
    const Names& names = environment_.names;
    const auto& keys = names.keys_of(table.node.children.shape);
    if (keys.empty()) return "the table is empty";
    template_plugins::NearMatch near(names.text(path.segments[missing].key));
    std::string list;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        near.offer(names.text(keys[i]));
        if (i < most_listed) list += (i == 0 ? "" : ", ") + names.text(keys[i]);
    }
    if (!near.found().empty()) return "did you mean '" + near.found() + "'?";
    return "there are: " + list + (keys.size() > most_listed ? ", …" : "");
}

void Render::fail_missing(const Path& path, const Value& found, std::size_t missing) const {
    const std::string message = "there is no value '" + path.text + "'";
    if (path.base == Path::Base::local) {
        fail(path.offset, message, "'" + path.text + "' has a value only inside of a loop");
    }
    if (path.up > 0 && found.store == nullptr) {
        fail(path.offset, message, "there are fewer contexts around this place");
    }
    const std::string& key = environment_.names.text(path.segments[missing].key);
    std::string hint;
    switch (found.node.kind) {
        case Kind::object:
            hint = members_hint(found, path, missing);
            break;
        case Kind::array:
            hint = "it looks for '" + key + "' in a list of " + std::to_string(found.node.size);
            break;
        default:
            hint = "it looks for '" + key + "' in " + std::string(describe(found.node.kind));
    }
    fail(path.offset, message, std::move(hint));
}

bool Render::is_missing(const Value& from, const Segment& segment) const {
    switch (from.node.kind) {
        case Kind::object:
            return !environment_.names.slot(from.node.children.shape, segment.key);
        case Kind::array:
            return !segment.index || *segment.index >= from.node.size;
        default:
            return true;
    }
}

Value Render::evaluate_test(Expression& expression) {
    const bool saved = std::exchange(allows_missing_, true);
    const Value value = evaluate(expression);
    allows_missing_ = saved;
    return value;
}

Value Render::evaluate_subject(Block& block) {
    Expression& subject = block.call.params[0];
    return block.has_else ? evaluate_test(subject) : evaluate(subject);
}

}  // namespace handlebars
