// SPDX-License-Identifier: Apache-2.0
#include "convert.hpp"

#include <array>
#include <boost/json.hpp>
#include <charconv>

namespace mustache_plugin {
namespace {

/// Shortest form that reads back the same, always with point or exponent: 1.0 stays 1.0.
std::string format(double number) {
    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    std::string text(buffer.data(), end);
    if (text.find_first_of(".e") == text.npos) text += ".0";
    return text;
}

}  // namespace

kainjow::mustache::data convert(const boost::json::value& value) {
    using kainjow::mustache::data;
    switch (value.kind()) {
        case boost::json::kind::null:
            return data(false);
        case boost::json::kind::bool_:
            return value.get_bool() ? data("true") : data(false);
        case boost::json::kind::int64:
            return data(std::to_string(value.get_int64()));
        case boost::json::kind::uint64:
            return data(std::to_string(value.get_uint64()));
        case boost::json::kind::double_:
            return data(format(value.get_double()));
        case boost::json::kind::string:
            return data(std::string(value.get_string()));
        case boost::json::kind::array: {
            data list(data::type::list);
            for (const auto& item : value.get_array())
                list.push_back(convert(item));
            return list;
        }
        case boost::json::kind::object:
            break;
    }
    data object(data::type::object);
    for (const auto& member : value.get_object()) {
        object.set(std::string(member.key()), convert(member.value()));
    }
    return object;
}

}  // namespace mustache_plugin
