// SPDX-License-Identifier: Apache-2.0
#include "syntax.hpp"

#include <algorithm>
#include <hab/types.hpp>

#include "position.hpp"

namespace mustache_plugin {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr int max_sections = 100;

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(white_space);
    if (first == text.npos) return text.substr(0, 0);
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

/// Whether a tag's inside, without sigil, can only be meant for a Handlebars engine.
bool is_handlebars(char sigil, std::string_view name) {
    if (name.empty()) return false;
    if (sigil == '\0' && name == "else") return true;
    return name.find_first_of(white_space) != name.npos || name.find("../") != name.npos ||
           name.front() == '~' || name.back() == '~' || name.front() == '@' ||
           name.front() == '(' || (sigil == '#' && (name.front() == '>' || name.front() == '*'));
}

/// Name of the optional part of Mustache that a tag belongs to, if kainjow lacks it.
std::string_view optional_part(char sigil, std::string_view name) {
    if (name.empty()) return {};
    if (sigil == '>' && name.front() == '*') return "dynamic names";
    if (sigil == '\0' && (name.front() == '<' || name.front() == '$')) return "inheritance";
    return {};
}

void check_tag(const std::string& file, std::string_view text, const Tag& tag,
               std::string_view whole) {
    if (const std::string_view part = optional_part(tag.sigil, tag.name); !part.empty()) {
        fail_at(file, text, tag.offset,
                "'" + std::string(whole) + "' belongs to an optional part of Mustache (" +
                    std::string(part) + ") that this engine lacks");
    }
    if (is_handlebars(tag.sigil, tag.name)) {
        fail_at(
            file, text, tag.offset,
            "'" + std::string(whole) + "' is Handlebars, which the Mustache engine does not know",
            "write it in Mustache, or set pkg_template_engine=handlebars in plan.sh");
    }
    if (tag.depth > max_sections) {
        fail_at(file, text, tag.offset,
                "sections are nested more than " + std::to_string(max_sections) + " levels deep");
    }
}

}  // namespace

void fail_at(const std::string& name, std::string_view text, std::size_t offset,
             std::string message, std::string hint) {
    const auto [line, column] = template_plugins::position_of(text, offset);
    throw hab::sdk::Error(HAB_STATUS_USAGE, std::move(message), std::move(hint))
        .at(name, line, column);
}

std::vector<Tag> check_syntax(const std::string& name, std::string_view text) {
    std::vector<Tag> tags;
    std::string open = "{{";
    std::string close = "}}";
    int depth = 0;
    for (std::size_t at = text.find(open); at != text.npos; at = text.find(open, at)) {
        const std::size_t begin = at + open.size();
        const std::size_t end = text.find(close, begin);
        if (end == text.npos) break;  // kainjow reports it
        std::string_view inside = trim(text.substr(begin, end - begin));
        Tag tag;
        tag.offset = at;
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
        if (std::string_view("#^/>&{").find(inside.front()) != std::string_view::npos) {
            tag.sigil = inside.front();
            inside = trim(inside.substr(1));
        }
        tag.name = inside;
        tag.name_offset = static_cast<std::size_t>(inside.data() - text.data());
        tag.depth = depth;
        if (tag.sigil == '#' || tag.sigil == '^') ++depth;
        if (tag.sigil == '/') --depth;
        check_tag(name, text, tag, text.substr(tag.offset, at - tag.offset));
        if (tag.sigil != '/') tags.push_back(std::move(tag));
    }
    return tags;
}

std::size_t longest_line(std::string_view text) noexcept {
    std::size_t longest = 0;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find('\n'), text.size());
        longest = std::max(longest, length);
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    return longest;
}

}  // namespace mustache_plugin
