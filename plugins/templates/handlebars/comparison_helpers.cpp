// SPDX-License-Identifier: Apache-2.0
// eq ne gt gte lt lte and or not len lookup log.
#include <array>
#include <charconv>
#include <hab/types.hpp>
#include <optional>

#include "helpers.hpp"
#include "render.hpp"

namespace handlebars {
namespace {

Value equals(const Arguments& arguments) {
    return Arguments::make_boolean(equal(arguments.params[0], arguments.params[1]));
}

Value differs(const Arguments& arguments) {
    return Arguments::make_boolean(!equal(arguments.params[0], arguments.params[1]));
}

std::optional<double> number(const Node& node) {
    if (node.kind != Kind::number) return std::nullopt;
    double value = 0;
    const std::string_view text = node.view();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::optional<std::int64_t> integer(const Node& node) {
    if (node.kind != Kind::number) return std::nullopt;
    std::int64_t value = 0;
    const std::string_view text = node.view();
    const auto done = std::from_chars(text.data(), text.data() + text.size(), value);
    if (done.ec != std::errc{} || done.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

/// -1, 0 or 1 for two numbers or two strings; nothing for anything else, which is never in order.
std::optional<int> compare(const Arguments& arguments) {
    const Node& left = arguments.params[0].node;
    const Node& right = arguments.params[1].node;
    if (left.is_text() && right.is_text()) {
        const int order = left.view().compare(right.view());
        return (order > 0) - (order < 0);
    }
    if (const auto a = integer(left), b = integer(right); a && b) return (*a > *b) - (*a < *b);
    if (const auto a = number(left), b = number(right); a && b) return (*a > *b) - (*a < *b);
    return std::nullopt;
}

Value greater(const Arguments& arguments) {
    const auto order = compare(arguments);
    return Arguments::make_boolean(order && *order > 0);
}
Value greater_or_equal(const Arguments& arguments) {
    const auto order = compare(arguments);
    return Arguments::make_boolean(order && *order >= 0);
}
Value less(const Arguments& arguments) {
    const auto order = compare(arguments);
    return Arguments::make_boolean(order && *order < 0);
}
Value less_or_equal(const Arguments& arguments) {
    const auto order = compare(arguments);
    return Arguments::make_boolean(order && *order <= 0);
}

Value all_of(const Arguments& arguments) {
    for (const Value& param : arguments.params) {
        if (!is_truthy(param.node)) return Arguments::make_boolean(false);
    }
    return Arguments::make_boolean(true);
}

Value any_of(const Arguments& arguments) {
    for (const Value& param : arguments.params) {
        if (is_truthy(param.node)) return Arguments::make_boolean(true);
    }
    return Arguments::make_boolean(false);
}

Value negate(const Arguments& arguments) {
    return Arguments::make_boolean(!is_truthy(arguments.params[0].node));
}

/// Elements of a list or table, characters of a string, 0 of anything else.
Value length(const Arguments& arguments) {
    const Node& node = arguments.params[0].node;
    std::int64_t count = 0;
    if (node.is_container()) count = node.size;
    if (node.is_text()) {
        for (const char c : node.view())
            count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }
    Store& scratch = arguments.render.scratch();
    return {scratch.integer(count), &scratch, no_pattern};
}

Value look_up(const Arguments& arguments) {
    const Value& key = arguments.params[1];
    const Value found = arguments.render.dynamic_member(arguments.params[0], key);
    if (found.store == nullptr && arguments.render.refuses_missing()) {
        arguments.fail("there is no value '" +
                       (key.node.is_text() || key.node.kind == Kind::number
                            ? std::string(key.node.view())
                            : std::string(describe(key.node.kind))) +
                       "' in " + std::string(describe(arguments.params[0].node.kind)));
    }
    return found;
}

/// Prints nothing; the text goes to the supervisor's log.
Value log(const Arguments& arguments) {
    std::string line;
    for (const Value& param : arguments.params) {
        if (!line.empty()) line += ' ';
        if (!param.node.is_container())
            line += param.node.kind == Kind::boolean ? (param.node.truth ? "true" : "false")
                                                     : std::string(param.node.view());
    }
    const Value named = arguments.named("level");
    const std::string_view level = named.node.is_text() ? named.node.view() : "info";
    const std::uint32_t number_of_level = level == "error"   ? HAB_LOG_ERROR
                                          : level == "warn"  ? HAB_LOG_WARN
                                          : level == "debug" ? HAB_LOG_DEBUG
                                          : level == "trace" ? HAB_LOG_TRACE
                                                             : HAB_LOG_INFO;
    arguments.render.environment().host.log(number_of_level, line);
    return {};
}

// The comparing ones came long after the templates that are rendered classic: there they must not
// hide a variable of the same name, so they count only when they have arguments (as every helper
// does).
constexpr std::array table{
    Helper{"eq", &equals, 2, 2},
    Helper{"ne", &differs, 2, 2},
    Helper{"gt", &greater, 2, 2},
    Helper{"gte", &greater_or_equal, 2, 2},
    Helper{"lt", &less, 2, 2},
    Helper{"lte", &less_or_equal, 2, 2},
    Helper{"and", &all_of, 2, 100, true, true, true},
    Helper{"or", &any_of, 2, 100, true, true, true},
    Helper{"not", &negate, 1, 1, true, true, true},
    Helper{"len", &length, 1, 1},
    Helper{"lookup", &look_up, 2, 2},
    Helper{"log", &log, 0, 100},
};

}  // namespace

std::span<const Helper> comparison_helpers() noexcept {
    return table;
}

}  // namespace handlebars
