// SPDX-License-Identifier: Apache-2.0
// The writing half of toml.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "config/toml.hpp"

namespace hab::config {
namespace {

void append_basic_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
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
            default:
                if (byte < 0x20 || byte == 0x7f) {
                    fmt::format_to(std::back_inserter(out), "\\u{:04X}",
                                   static_cast<unsigned>(byte));
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

bool is_bare(std::string_view key) {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !key.empty() && key.find_first_not_of(allowed) == key.npos;
}

void append_key(std::string& out, std::string_view key) {
    if (is_bare(key)) {
        out += key;
    } else {
        append_basic_string(out, key);
    }
}

void append_double(std::string& out, double number) {
    if (std::isnan(number)) {
        out += "nan";
    } else if (std::isinf(number)) {
        out += number < 0 ? "-inf" : "inf";
    } else {
        char buffer[40];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
        const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
        out += text;
        if (text.find_first_of(".e") == text.npos) out += ".0";
    }
}

/// A non-empty array that holds tables only becomes [[key]] sections.
bool is_table_array(const Value& value) {
    const Array* array = value.as_array();
    return array != nullptr && !array->empty() &&
           std::all_of(array->begin(), array->end(),
                       [](const Value& item) { return item.as_object() != nullptr; });
}

bool is_section(const Value& value) {
    return value.as_object() != nullptr || is_table_array(value);
}

class Writer {
public:
    std::string out;

    void table(const Object& object, const std::string& path) {
        for (const auto& [key, value] : object) {
            if (value.is_null() || is_section(value)) continue;
            append_key(out, key);
            out += " = ";
            inline_value(value, key);
            out += '\n';
        }
        for (const auto& [key, value] : object) {
            if (!is_section(value)) continue;
            std::string child = path.empty() ? std::string() : path + ".";
            append_key(child, key);
            if (const Object* section = value.as_object()) {
                header("[", child, "]");
                table(*section, child);
            } else {
                for (const Value& item : *value.as_array()) {
                    header("[[", child, "]]");
                    table(*item.as_object(), child);
                }
            }
        }
    }

private:
    void header(std::string_view open, std::string_view path, std::string_view close) {
        if (!out.empty()) out += '\n';
        out.append(open).append(path).append(close).append("\n");
    }

    void inline_value(const Value& value, std::string_view key) {
        if (const bool* boolean = value.as_bool()) {
            out += *boolean ? "true" : "false";
        } else if (const std::int64_t* integer = value.as_int()) {
            fmt::format_to(std::back_inserter(out), "{}", *integer);
        } else if (const double* number = value.as_double()) {
            append_double(out, *number);
        } else if (const std::string* text = value.as_string()) {
            append_basic_string(out, *text);
        } else if (const Array* array = value.as_array()) {
            inline_array(*array, key);
        } else if (const Object* object = value.as_object()) {
            inline_table(*object);
        } else {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("cannot write '{}' as TOML: an array holds a null, for which "
                                    "TOML has no word",
                                    key),
                        "leave the element out");
        }
    }

    void inline_array(const Array& array, std::string_view key) {
        out += '[';
        for (std::size_t i = 0; i < array.size(); ++i) {
            if (i != 0) out += ", ";
            inline_value(array[i], key);
        }
        out += ']';
    }

    void inline_table(const Object& object) {
        out += '{';
        bool first = true;
        for (const auto& [key, value] : object) {
            if (value.is_null()) continue;
            out += first ? " " : ", ";
            first = false;
            append_key(out, key);
            out += " = ";
            inline_value(value, key);
        }
        out += first ? "}" : " }";
    }
};

}  // namespace

std::string toml_key(std::string_view key) {
    std::string out;
    append_key(out, key);
    return out;
}

std::string to_toml(const Value& table) {
    const Object* object = table.as_object();
    if (object == nullptr) {
        throw Error(ErrorCode::invalid_input,
                    fmt::format("cannot write a value of type {} as a TOML document: only a table "
                                "can be one",
                                table.type_name()));
    }
    Writer writer;
    writer.table(*object, "");
    return std::move(writer.out);
}

}  // namespace hab::config
