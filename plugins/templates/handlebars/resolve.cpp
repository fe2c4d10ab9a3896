// SPDX-License-Identifier: Apache-2.0
// How a path finds its value.
#include "render.hpp"

#include "helpers.hpp"

namespace handlebars {
bool Render::find_block_param(const Path& path, Value& found) const {
    if (named_scopes_ == 0) return false;
    if (path.base != Path::Base::context || path.is_explicit || path.segments.empty()) return false;
    const KeyId name = path.segments.front().key;
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (scope->param_names != nullptr) {
            for (std::size_t i = 0; i < scope->param_names->size(); ++i) {
                if ((*scope->param_names)[i] == name) {
                    found = scope->params[i];
                    return true;
                }
            }
        }
        if (scope->is_partial) return false;
    }
    return false;
}

Value Render::resolve_local(const Path& path) {
    if (path.local == Local::partial_block) return Arguments::make_boolean(!blocks_.empty());
    if (path.local == Local::unknown || path.up >= scopes_.size()) return {};
    for (std::size_t i = scopes_.size() - path.up; i-- > 0;) {
        const Scope& scope = scopes_[i];
        if (!scope.has_locals) continue;
        switch (path.local) {
            case Local::index:
                if (scope.index < 0) return {};
                return {scratch_.integer(scope.index), &scratch_, no_pattern};
            case Local::key:
                return scope.key;
            case Local::first:
                return Arguments::make_boolean(scope.first);
            case Local::last:
                return scope.has_last ? Arguments::make_boolean(scope.last) : Value{};
            case Local::partial_block:
            case Local::unknown:
                return {};
        }
    }
    return {};
}

/// The value before the first segment that is still to be walked.
Value Render::resolve_base(Path& path, std::size_t& from_segment) {
    from_segment = 0;
    if (path.base == Path::Base::root) return root_;
    if (path.base == Path::Base::local) return resolve_local(path);
    Value param;
    if (find_block_param(path, param)) {
        from_segment = 1;
        return param;
    }
    const std::size_t count = scopes_.size();
    if (path.up >= count && count > 1) {
        // Classic templates climb by path steps too: two from inside {{#each a}} reach the top.
        const bool reaches_top =
            environment_.mode == Mode::classic && path.up >= scopes_.back().path_depth;
        return reaches_top ? root_ : Value{};
    }
    const Scope& scope = scopes_[path.up >= count ? 0 : count - 1 - path.up];
    if (scope.overlay != nullptr && !path.segments.empty()) {
        for (const auto& [key, value] : *scope.overlay) {
            if (key != path.segments.front().key) continue;
            from_segment = 1;
            return value;
        }
    }
    return scope.context;
}

Value Render::resolve(Path& path) {
    std::size_t from_segment = 0;
    const Value base = resolve_base(path, from_segment);
    if (path.base == Path::Base::local && base.node.kind == Kind::null && refuses_missing()) {
        fail_missing(path, base, 0);
    }
    Value here = base;
    for (std::size_t i = from_segment; i < path.segments.size(); ++i) {
        const Node next = step(here, path.segments[i], path);
        if (next.kind == Kind::null && refuses_missing() && is_missing(here, path.segments[i])) {
            fail_missing(path, here, i);
        }
        here.node = next;
    }
    if (wants_reads_) {
        here.pattern = pattern_of(base, path, from_segment);
        mark_read(here.pattern);
    }
    return here;
}

PatternId Render::pattern_of(const Value& base, Path& path, std::size_t from_segment) {
    if (base.pattern == no_pattern) return no_pattern;
    if (path.cached_from == base.pattern && path.cached_segment == from_segment) {
        return path.cached_pattern;
    }
    PatternId pattern = base.pattern;
    for (std::size_t i = from_segment; i < path.segments.size(); ++i) {
        pattern = environment_.patterns.child(pattern, path.segments[i].key);
    }
    path.cached_from = base.pattern;
    path.cached_segment = from_segment;
    path.cached_pattern = pattern;
    return pattern;
}

Node Render::step(const Value& from, Segment& segment, Path& path) {
    const Node& node = from.node;
    if (node.kind == Kind::object) {
        if (segment.cached_shape != node.children.shape) {
            segment.cached_shape = node.children.shape;
            segment.cached_slot =
                environment_.names.slot(node.children.shape, segment.key).value_or(no_slot);
        }
        return segment.cached_slot == no_slot ? Node{}
                                              : from.store->child(node, segment.cached_slot);
    }
    if (node.kind != Kind::array) return {};
    if (!segment.index) {
        if (!path.has_warned) {
            warn(path.offset, "'" + path.text + "' asks a list for '" +
                                  environment_.names.text(segment.key) +
                                  "', but its elements have numbers; it stays empty");
        }
        path.has_warned = true;
        return {};
    }
    return *segment.index < node.size ? from.store->child(node, *segment.index) : Node{};
}

Value Render::item(const Value& list, std::uint32_t index) {
    return {list.store->child(list.node, index), list.store, any_pattern(list)};
}

Value Render::member(const Value& object, std::string_view name) {
    const KeyId key = environment_.names.key(name);
    Value found{{}, object.store, no_pattern};
    if (object.node.kind == Kind::object) {
        const auto slot = environment_.names.slot(object.node.children.shape, key);
        if (slot) found.node = object.store->child(object.node, *slot);
    }
    if (wants_reads_) {
        found.pattern = environment_.patterns.child(object.pattern, key);
        mark_read(found.pattern);
    }
    return found;
}

Value Render::dynamic_member(const Value& container, const Value& key) {
    Value found;
    const Node& node = container.node;
    if (node.kind == Kind::object && (key.node.is_text() || key.node.kind == Kind::number)) {
        const auto id = environment_.names.find_key(key.node.view());
        const auto slot = id ? environment_.names.slot(node.children.shape, *id) : std::nullopt;
        if (slot) found = {container.store->child(node, *slot), container.store, no_pattern};
    } else if (node.kind == Kind::array && key.node.kind == Kind::number) {
        std::uint32_t index = 0;
        bool is_index = key.node.size > 0 && key.node.size < 10;
        for (const char c : key.node.view()) {
            is_index = is_index && c >= '0' && c <= '9';
            index = index * 10 + static_cast<std::uint32_t>(c - '0');
        }
        if (is_index && index < node.size) {
            found = {container.store->child(node, index), container.store, no_pattern};
        }
    }
    if (wants_reads_) {
        found.pattern = environment_.patterns.dynamic(container.pattern);
        mark_read(found.pattern);
    }
    return found;
}

}  // namespace handlebars
