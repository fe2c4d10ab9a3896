// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/render_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.hpp"

namespace hab::cli {
namespace {

using Kind = plugin::TemplateReference::Kind;
using Steps = std::vector<std::string_view>;

/// Whether something may stand at `steps` from `from` on below `value`.
bool exists(const Value& value, const Steps& steps, std::size_t from) {
    if (from == steps.size() || steps[from] == "**") return true;
    const std::string_view step = steps[from];
    if (const Object* table = value.as_object()) {
        if (step == "*") return true;
        const Value* member = table->find(step);
        return member != nullptr && exists(*member, steps, from + 1);
    }
    const Array* array = value.as_array();
    if (array == nullptr) return value.is_null();  // what is not there yet may have any shape
    if (step != "*" && !parse_u64(step)) return false;
    return array->empty() || std::any_of(array->begin(), array->end(), [&](const Value& item) {
               return exists(item, steps, from + 1);
           });
}

std::vector<std::string> names_in(const Value* table) {
    std::vector<std::string> names;
    if (table == nullptr || table->as_object() == nullptr) return names;
    for (const auto& entry : *table->as_object())
        names.push_back(entry.first);
    return names;
}

class Checker {
public:
    explicit Checker(const CheckKnowledge& known) : known_(known) {}

    /// A sentence and a hint; an empty sentence if all is well.
    [[nodiscard]] std::pair<std::string, std::string> look(
        const plugin::TemplateReference& reference) const {
        const std::string& name = reference.text;
        if (reference.kind == Kind::helper || reference.kind == Kind::partial) {
            if (!reference.unknown) return {};
            const bool helper = reference.kind == Kind::helper;
            return {fmt::format("there is no {} '{}'", helper ? "helper" : "template", name),
                    reference.suggestion.empty()
                        ? std::string()
                        : fmt::format("did you mean '{}'?", reference.suggestion)};
        }
        Steps steps = split(name, '.');
        if (steps.front() == "bind") return look_at_bind(steps);
        if (reference.test || reference.guarded) return {};
        if (steps.front() == "cfg") return look_at_cfg(name, steps);
        for (const std::string_view root : {"pkg", "sys", "svc"}) {
            if (steps.front() == root) return look_at_context(name, steps);
        }
        return {};
    }

private:
    [[nodiscard]] std::pair<std::string, std::string> look_at_bind(const Steps& steps) const {
        const Value* binds = known_.context.at_path("bind");
        if (!known_.knows_binds || steps.size() < 2 || binds == nullptr) return {};
        if (steps[1] == "*" || steps[1] == "**") return {};
        std::string name(steps[1]);
        if (name.starts_with("has_")) name.erase(0, 4);
        std::vector<std::string> declared;
        for (const std::string& flag : names_in(binds))
            declared.push_back(flag.starts_with("has_") ? flag.substr(4) : flag);
        if (std::find(declared.begin(), declared.end(), name) != declared.end()) return {};
        const auto near = nearest(name, declared);
        return {fmt::format("the plan declares no bind '{}'", name),
                near ? fmt::format("did you mean '{}'?", *near)
                     : "add it to pkg_binds or pkg_binds_optional"};
    }

    [[nodiscard]] std::pair<std::string, std::string> look_at_cfg(const std::string& name,
                                                                  const Steps& steps) const {
        if (exists(known_.context, steps, 0)) return {};
        const std::string path = name.substr(std::string_view("cfg.").size());
        if (known_.schema && known_.schema.describes(path)) return {};
        return {known_.schema
                    ? fmt::format("{} is neither in default.toml nor in config.schema.toml", name)
                    : fmt::format("{} is not in default.toml", name),
                suggestion(steps)};
    }

    [[nodiscard]] std::pair<std::string, std::string> look_at_context(const std::string& name,
                                                                      const Steps& steps) const {
        if (exists(known_.context, steps, 0)) return {};
        return {fmt::format("templates see no {}", name), suggestion(steps)};
    }

    /// The path with its first wrong step replaced by the nearest right one.
    [[nodiscard]] std::string suggestion(const Steps& steps) const {
        const Value* here = &known_.context;
        std::string so_far;
        for (const std::string_view step : steps) {
            const Object* table = here->as_object();
            const Value* next = table == nullptr ? nullptr : table->find(step);
            if (next == nullptr) {
                auto names = names_in(here);
                if (so_far.starts_with("cfg")) {
                    for (auto& described : known_.schema.names(
                             so_far.substr(std::min<std::size_t>(4, so_far.size())))) {
                        names.push_back(std::move(described));
                    }
                }
                const auto near = nearest(step, names);
                return near ? fmt::format("did you mean {}.{}?", so_far, *near) : std::string();
            }
            so_far += (so_far.empty() ? "" : ".") + std::string(step);
            here = next;
        }
        return {};
    }

    const CheckKnowledge& known_;
};

}  // namespace

std::vector<RenderProblem> check_template(const config::Renderer& renderer, const std::string& name,
                                          const CheckKnowledge& known) {
    const Checker checker(known);
    std::vector<RenderProblem> problems;
    for (const auto& reference : renderer.references(name)) {
        auto [message, hint] = checker.look(reference.what);
        if (message.empty()) continue;
        problems.push_back(
            {reference.place, std::move(message), std::move(hint), reference.excerpt});
    }
    return problems;
}

}  // namespace hab::cli
