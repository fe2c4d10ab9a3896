// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "base/error.hpp"

namespace hab {
namespace {

namespace json = boost::json;

Value convert(const json::value& from) {
    switch (from.kind()) {
        case json::kind::null:
            return {};
        case json::kind::bool_:
            return from.get_bool();
        case json::kind::int64:
            return from.get_int64();
        case json::kind::uint64:
            return static_cast<double>(from.get_uint64());
        case json::kind::double_:
            return from.get_double();
        case json::kind::string:
            return std::string(from.get_string());
        case json::kind::array: {
            Array array;
            array.reserve(from.get_array().size());
            for (const json::value& item : from.get_array())
                array.push_back(convert(item));
            return array;
        }
        case json::kind::object: {
            Object object;
            for (const auto& pair : from.get_object()) {
                object.set(std::string(pair.key()), convert(pair.value()));
            }
            return object;
        }
    }
    return {};
}

void append_double(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";  // JSON has no word for it
        return;
    }
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    out += text;
    if (text.find_first_of(".e") == text.npos) out += ".0";
}

class Writer {
public:
    Writer(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

    void write(const Value& value, int depth) {
        if (const bool* boolean = value.as_bool()) {
            out_ += *boolean ? "true" : "false";
        } else if (const std::int64_t* integer = value.as_int()) {
            fmt::format_to(std::back_inserter(out_), "{}", *integer);
        } else if (const double* number = value.as_double()) {
            append_double(out_, *number);
        } else if (const std::string* text = value.as_string()) {
            append_json_string(out_, *text);
        } else if (const Array* array = value.as_array()) {
            write_items(*array, '[', ']', depth,
                        [&](const Value& item) { write(item, depth + 1); });
        } else if (const Object* object = value.as_object()) {
            write_items(*object, '{', '}', depth, [&](const Object::Entry& entry) {
                append_json_string(out_, entry.first);
                out_ += pretty_ ? ": " : ":";
                write(entry.second, depth + 1);
            });
        } else {
            out_ += "null";
        }
    }

private:
    template <typename Items, typename WriteItem>
    void write_items(const Items& items, char open, char close, int depth, WriteItem write_item) {
        out_ += open;
        bool first = true;
        for (const auto& item : items) {
            if (!first) out_ += ',';
            first = false;
            new_line(depth + 1);
            write_item(item);
        }
        if (!first) new_line(depth);
        out_ += close;
    }

    void new_line(int depth) {
        if (pretty_) out_.append("\n").append(static_cast<std::size_t>(depth) * 2, ' ');
    }

    std::string& out_;
    bool pretty_;
};

}  // namespace

Value parse_json(std::string_view text, std::string_view what) {
    json::parse_options options;
    options.max_depth = 100;
    json::stream_parser parser({}, options);
    json::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    if (!error && text.find_first_not_of(" \t\r\n", read) != text.npos) {
        error = json::error::extra_data;
    }
    if (error) {
        throw Error(ErrorCode::invalid_input, fmt::format("'{}' is not valid JSON: {} at byte {}",
                                                          what, error.message(), read));
    }
    return convert(parser.release());
}

std::string to_json(const Value& value, bool pretty) {
    std::string out;
    Writer(out, pretty).write(value, 0);
    if (pretty) out += '\n';
    return out;
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

}  // namespace hab
