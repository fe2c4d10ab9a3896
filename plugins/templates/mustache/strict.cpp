// SPDX-License-Identifier: Apache-2.0
#include "strict.hpp"

#include <boost/json.hpp>
#include <limits>

#include "near.hpp"

namespace mustache_plugin {
namespace {

// Octal digits in bytes that no UTF-8 text has: they end neither a tag nor a name.
constexpr unsigned char digit_zero = 0xf8;
constexpr unsigned char separator = 0xc0;
constexpr unsigned char end_of_mark = 0xc1;

void append_number(std::string& out, std::size_t number) {
    std::string digits;
    do {
        digits.insert(digits.begin(), static_cast<char>(digit_zero + number % 8));
        number /= 8;
    } while (number != 0);
    out += digits;
}

/// Takes a number and the byte `until` off the front of `text`.
std::optional<std::size_t> take_number(std::string_view& text, unsigned char until) {
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte == until && at > 0) {
            text.remove_prefix(at + 1);
            return number;
        }
        if (byte < digit_zero || number > std::numeric_limits<std::size_t>::max() / 8) break;
        number = number * 8 + (byte - digit_zero);
    }
    return std::nullopt;
}

}  // namespace

std::string mark_tags(std::string_view text, const std::vector<Tag>& tags,
                      std::size_t template_number) {
    std::string out;
    std::size_t done = 0;
    for (const Tag& tag : tags) {
        if (tag.sigil == '#' || tag.sigil == '^') continue;
        out += text.substr(done, tag.name_offset - done);
        done = tag.name_offset;
        append_number(out, template_number);
        out += static_cast<char>(separator);
        append_number(out, tag.offset);
        out += static_cast<char>(end_of_mark);
    }
    return out += text.substr(done);
}

std::optional<Mark> read_mark(std::string_view name) {
    const auto number = take_number(name, separator);
    if (!number) return std::nullopt;
    const auto offset = take_number(name, end_of_mark);
    if (!offset) return std::nullopt;
    return Mark{*number, *offset, std::string(name)};
}

std::string missing_hint(const boost::json::value& data, std::string_view name) {
    const boost::json::value* inside = &data;
    while (const auto* table = inside->if_object()) {
        const auto dot = std::min(name.find('.'), name.size());
        const std::string_view step = name.substr(0, dot);
        const auto found = table->find(step);
        if (found == table->end()) {
            template_plugins::NearMatch near(step);
            for (const auto& member : *table)
                near.offer(member.key());
            return near.found().empty() ? "" : "did you mean '" + near.found() + "'?";
        }
        if (dot == name.size()) break;
        inside = &found->value();
        name.remove_prefix(dot + 1);
    }
    return {};
}

}  // namespace mustache_plugin
