// SPDX-License-Identifier: Apache-2.0
// toUppercase toLowercase strConcat strJoin strReplace: Habitat's helpers on text.
#include <algorithm>
#include <array>

#include "case.hpp"
#include "helpers.hpp"
#include "render.hpp"
#include "writers.hpp"

namespace handlebars {
namespace {

Value upper(const Arguments& arguments) {
    return arguments.make_string(to_upper(arguments.string(0)));
}

Value lower(const Arguments& arguments) {
    return arguments.make_string(to_lower(arguments.string(0)));
}

/// The JSON form without any quotation mark: what upstream's string helpers work on. Escapes such
/// as
/// \n stay visible, as upstream.
std::string unquoted(const Arguments& arguments, const Value& value) {
    std::string text = to_json(value, arguments.render.environment().names, false);
    std::erase(text, '"');
    return text;
}

Value concat(const Arguments& arguments) {
    std::string text;
    for (const Value& param : arguments.params) {
        if (param.node.kind != Kind::object) text += unquoted(arguments, param);
    }
    return arguments.make_string(text);
}

Value join(const Arguments& arguments) {
    const Value& list = arguments.params[0];
    if (list.node.kind != Kind::array) {
        arguments.fail("argument 1 must be a list, but is " +
                       std::string(describe(list.node.kind)));
    }
    const std::string_view separator = arguments.string(1);
    std::string text;
    bool is_first = true;
    for (std::uint32_t i = 0; i < list.node.size; ++i) {
        const Value item = arguments.render.item(list, i);
        if (item.node.kind == Kind::object) continue;
        if (!is_first) text += separator;
        is_first = false;
        text += unquoted(arguments, item);
    }
    return arguments.make_string(text);
}

Value replace(const Arguments& arguments) {
    const std::string_view text = arguments.string(0);
    const std::string_view from = arguments.string(1);
    const std::string_view to = arguments.string(2);
    std::string out;
    if (from.empty()) {
        // Between all characters, and at both ends.
        for (std::size_t i = 0; i < text.size(); ++i) {
            if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) out += to;
            out += text[i];
        }
        return arguments.make_string(out.append(to));
    }
    std::size_t at = 0;
    for (;;) {
        const auto hit = text.find(from, at);
        out += text.substr(at, hit - at);
        if (hit == text.npos) break;
        out += to;
        at = hit + from.size();
    }
    return arguments.make_string(out);
}

constexpr std::array table{
    Helper{"toUppercase", &upper, 1, 1},   Helper{"toLowercase", &lower, 1, 1},
    Helper{"strConcat", &concat, 0, 1000}, Helper{"strJoin", &join, 2, 2},
    Helper{"strReplace", &replace, 3, 3},
};

}  // namespace

std::span<const Helper> text_helpers() noexcept {
    return table;
}

}  // namespace handlebars
