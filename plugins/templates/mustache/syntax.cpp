// SPDX-License-Identifier: Apache-2.0
#include "syntax.hpp"

#include <hab/types.hpp>

#include "position.hpp"

namespace mustache_plugin {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr int max_sections = 100;

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(white_space);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

/// Whether a tag's inside, without sigil, can only be meant for a Handlebars engine.
bool is_handlebars(std::string_view sigil, std::string_view name) {
    if (name.empty()) return false;
    if (sigil.empty() && name == "else") return true;
    return name.find_first_of(white_space) != name.npos || name.find("../") != name.npos ||
           name.front() == '~' || name.back() == '~' || name.front() == '@' ||
           name.front() == '(' ||
           (!sigil.empty() && (name.front() == '#' || name.front() == '>' || name.front() == '*'));
}

}  // namespace

void fail_at(const std::string& name, std::string_view text, std::size_t offset,
             std::string message, std::string hint) {
    const auto [line, column] = template_plugins::position_of(text, offset);
    throw hab::sdk::Error(HAB_STATUS_USAGE, std::move(message), std::move(hint))
        .at(name, line, column);
}

std::vector<std::string> check_syntax(const std::string& name, std::string_view text) {
    std::vector<std::string> partials;
    std::string open = "{{";
    std::string close = "}}";
    int depth = 0;
    for (std::size_t at = text.find(open); at != text.npos; at = text.find(open, at)) {
        const std::size_t begin = at + open.size();
        const std::size_t end = text.find(close, begin);
        if (end == text.npos) break;  // kainjow reports it
        std::string_view inside = trim(text.substr(begin, end - begin));
        const std::size_t tag = at;
        at = end + close.size();
        if (inside.empty() || inside.front() == '!') continue;
        if (inside.front() == '=' && inside.size() > 2) {
            const std::string_view both = trim(inside.substr(1, inside.size() - 2));
            const auto gap = both.find_first_of(white_space);
            if (gap == both.npos) continue;
            open = both.substr(0, gap);
            close = trim(both.substr(gap));
            continue;
        }
        std::string_view sigil;
        if (std::string_view("#^/>&{").find(inside.front()) != std::string_view::npos) {
            sigil = inside.substr(0, 1);
            inside = trim(inside.substr(1));
        }
        if (is_handlebars(sigil, inside)) {
            fail_at(name, text, tag,
                    "'" + std::string(text.substr(tag, at - tag)) +
                        "' is Handlebars, which the Mustache engine does not know",
                    "write it in Mustache, or set pkg_template_engine=handlebars in plan.sh");
        }
        if (sigil == "#" || sigil == "^") ++depth;
        if (sigil == "/") --depth;
        if (depth > max_sections) {
            fail_at(
                name, text, tag,
                "sections are nested more than " + std::to_string(max_sections) + " levels deep");
        }
        if (sigil == ">") partials.emplace_back(inside);
    }
    return partials;
}

}  // namespace mustache_plugin
