// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace hab {
namespace {

namespace json = boost::json;

/// Builds the tree while the parser reads. Floats are read from their text: the parser's own conversion is
/// fast but can be off by one unit in the last place, and what is written must read back the same.
class TreeBuilder {
public:
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return open(Object()); }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code&) { return open(Array()); }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }
    bool on_key_part(std::string_view part, std::size_t, json::error_code&) { return keep(part); }
    bool on_key(std::string_view part, std::size_t, json::error_code&) {
        open_.back().key = take(part);
        return true;
    }
    bool on_string_part(std::string_view part, std::size_t, json::error_code&) {
        return keep(part);
    }
    bool on_string(std::string_view part, std::size_t, json::error_code&) {
        return put(take(part));
    }
    bool on_number_part(std::string_view part, json::error_code&) { return keep(part); }
    bool on_int64(std::int64_t number, std::string_view, json::error_code&) {
        text_.clear();
        return put(number);
    }
    bool on_uint64(std::uint64_t, std::string_view part, json::error_code& error) {
        return put_double(part, error);
    }
    bool on_double(double, std::string_view part, json::error_code& error) {
        return put_double(part, error);
    }
    bool on_bool(bool value, json::error_code&) { return put(value); }
    bool on_null(json::error_code&) { return put(Value()); }
    bool on_comment_part(std::string_view, json::error_code&) { return true; }
    bool on_comment(std::string_view, json::error_code&) { return true; }

    Value release() { return std::move(root_); }

private:
    struct Open {
        Value value;
        std::string key;  ///< of the member that is being read, in an object
    };

    bool open(Value container) {
        open_.push_back({std::move(container), {}});
        return true;
    }

    bool close() {
        Value done = std::move(open_.back().value);
        open_.pop_back();
        return put(std::move(done));
    }

    bool keep(std::string_view part) {
        text_ += part;
        return true;
    }

    std::string take(std::string_view last) {
        text_ += last;
        return std::exchange(text_, {});
    }

    bool put_double(std::string_view last, json::error_code& error) {
        const double number = std::strtod(take(last).c_str(), nullptr);
        if (!std::isfinite(number)) {
            error = json::error::exponent_overflow;
            return false;
        }
        return put(number);
    }

    bool put(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (Array* array = open_.back().value.as_array()) {
            array->push_back(std::move(value));
        } else {
            open_.back().value.as_object()->set(std::move(open_.back().key), std::move(value));
        }
        return true;
    }

    Value root_;
    std::vector<Open> open_;
    std::string text_;
};

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
    json::basic_parser<TreeBuilder> parser(options);
    json::error_code error;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && text.find_first_not_of(" \t\r\n", read) != text.npos) {
        error = json::error::extra_data;
    }
    if (error) {
        throw Error(ErrorCode::invalid_input, fmt::format("'{}' is not valid JSON: {} at byte {}",
                                                          what, error.message(), read));
    }
    return parser.handler().release();
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
