// SPDX-License-Identifier: Apache-2.0
#include "inspect.hpp"

#include <algorithm>

#include "helpers.hpp"
#include "position.hpp"

namespace handlebars {

Inspect::Inspect(Environment& environment, hab::sdk::References out)
    : environment_(environment), out_(out) {
    scopes_.emplace_back();
}

void Inspect::run(const Program& program) {
    program_ = &program;
    walk(program.body);
}

void Inspect::report(std::uint32_t kind, std::uint32_t flags, std::size_t offset,
                     std::string_view text, std::string_view suggestion) {
    const auto [line, column] = template_plugins::position_of(program_->source.text, offset);
    out_.report({.kind = kind,
                 .flags = flags,
                 .line = line,
                 .column = column,
                 .file = program_->source.name,
                 .text = text,
                 .suggestion = suggestion});
}

void Inspect::report_path(PatternId pattern, std::size_t offset, bool is_test) {
    if (pattern == no_pattern || pattern == 0) return;
    const Patterns& patterns = environment_.patterns;
    std::uint32_t flags = is_test ? HAB_REFERENCE_TEST : 0;
    if (patterns.is_dynamic(pattern)) flags |= HAB_REFERENCE_DYNAMIC;
    const bool is_guarded = std::any_of(guards_.begin(), guards_.end(), [&](PatternId guard) {
        return patterns.is_within(pattern, guard);
    });
    if (is_guarded) flags |= HAB_REFERENCE_GUARDED;
    report(HAB_REFERENCE_PATH, flags, offset, patterns.text(pattern));
}

/// What lies below something unknown stays the unknown.
PatternId Inspect::below(PatternId pattern, KeyId key) {
    Patterns& patterns = environment_.patterns;
    return patterns.is_dynamic(pattern) ? pattern : patterns.child(pattern, key);
}

PatternId Inspect::base_of(const Path& path, std::size_t& from_segment) const {
    from_segment = 0;
    if (path.base == Path::Base::root) return 0;
    if (path.base == Path::Base::local) return no_pattern;
    if (!path.is_explicit && !path.segments.empty()) {
        const KeyId name = path.segments.front().key;
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
            for (std::size_t i = 0; scope->param_names != nullptr && i < scope->param_names->size();
                 ++i) {
                if ((*scope->param_names)[i] != name) continue;
                from_segment = 1;
                return scope->params[i];
            }
            if (scope->is_partial) break;
        }
    }
    const std::size_t count = scopes_.size();
    if (path.up >= count && count > 1) {
        const bool reaches_top =
            environment_.mode == Mode::classic && path.up >= scopes_.back().path_depth;
        return reaches_top ? 0 : no_pattern;
    }
    const Scope& scope = scopes_[path.up >= count ? 0 : count - 1 - path.up];
    for (const auto& [key, pattern] : scope.overlay) {
        if (path.segments.empty() || key != path.segments.front().key) continue;
        from_segment = 1;
        return pattern;
    }
    return scope.context;
}

PatternId Inspect::path(const Path& path, bool is_test) {
    std::size_t from_segment = 0;
    PatternId pattern = base_of(path, from_segment);
    if (pattern == no_pattern) return no_pattern;
    for (std::size_t i = from_segment; i < path.segments.size(); ++i)
        pattern = below(pattern, path.segments[i].key);
    report_path(pattern, path.offset, is_test);
    return pattern;
}

PatternId Inspect::expression(const Expression& expression, bool is_test) {
    if (const auto* found = std::get_if<Path>(&expression)) return path(*found, is_test);
    const auto* nested = std::get_if<std::unique_ptr<Call>>(&expression);
    return nested == nullptr ? no_pattern : head(**nested, is_test);
}

/// A head with or without arguments: a helper or a value.
PatternId Inspect::head(const Call& given, bool is_test) {
    if (given.has_arguments()) return call(given, is_test);
    const auto* found = std::get_if<Path>(&given.head);
    if (found == nullptr) return expression(given.head, is_test);
    std::size_t from_segment = 0;
    base_of(*found, from_segment);
    const bool is_param = from_segment == 1;
    if (given.helper == nullptr || environment_.mode == Mode::classic || is_param) {
        return path(*found, is_test);
    }
    return call(given, is_test);
}

PatternId Inspect::call(const Call& given, bool is_test) {
    if (given.helper == nullptr) {
        report(HAB_REFERENCE_HELPER, HAB_REFERENCE_UNKNOWN, given.offset, given.name,
               near_helper(given.name, environment_.mode));
    } else {
        report(HAB_REFERENCE_HELPER, 0, given.offset, given.name);
    }
    const bool asks = given.helper != nullptr && given.helper->asks;
    const bool is_lookup = given.helper != nullptr && given.helper->name == "lookup";
    PatternId container = no_pattern;
    for (std::size_t i = 0; i < given.params.size(); ++i) {
        const PatternId pattern = expression(given.params[i], asks);
        if (i == 0) container = pattern;
    }
    for (const HashItem& item : given.hash)
        expression(item.value, false);
    return is_lookup ? lookup(given, container, is_test) : no_pattern;
}

PatternId Inspect::lookup(const Call& given, PatternId container, bool is_test) {
    if (container == no_pattern || given.params.size() != 2) return no_pattern;
    const auto* key = std::get_if<Literal>(&given.params[1]);
    const bool is_known = key != nullptr && (key->node.is_text() || key->node.kind == Kind::number);
    PatternId pattern = container;
    if (is_known) {
        pattern = below(container, environment_.names.key(key->node.view()));
    } else if (!environment_.patterns.is_dynamic(container)) {
        pattern = environment_.patterns.dynamic(container);
    }
    report_path(pattern, given.offset, is_test);
    return pattern;
}

void Inspect::collect_guards(const Expression& expression, PatternId pattern,
                             std::vector<PatternId>& guards) {
    if (pattern != no_pattern && pattern != 0 && !environment_.patterns.is_dynamic(pattern)) {
        guards.push_back(pattern);
    }
    const auto* nested = std::get_if<std::unique_ptr<Call>>(&expression);
    if (nested == nullptr || (*nested)->name != "and") return;
    for (const Expression& param : (*nested)->params) {
        const auto* found = std::get_if<Path>(&param);
        if (found == nullptr) continue;
        std::size_t from_segment = 0;
        PatternId inner = base_of(*found, from_segment);
        for (std::size_t i = from_segment; i < found->segments.size(); ++i)
            inner = below(inner, found->segments[i].key);
        collect_guards(param, inner, guards);
    }
}

std::uint32_t Inspect::depth_of(const Expression& expression) const {
    const auto* found = std::get_if<Path>(&expression);
    if (found == nullptr) return 1;
    const auto steps = static_cast<std::uint32_t>(found->segments.size());
    if (found->base != Path::Base::context || found->up >= scopes_.size()) return steps;
    return scopes_[scopes_.size() - 1 - found->up].path_depth + steps;
}

}  // namespace handlebars
