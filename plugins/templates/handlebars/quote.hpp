// SPDX-License-Identifier: Apache-2.0
// Quoted strings, as JSON, TOML and YAML agree on them.
#pragma once

#include <string>
#include <string_view>

namespace handlebars {

/// Appends `text` in double quotes with backslash escapes. Control characters become \uXXXX; the
/// three formats all know the short forms \b \t \n \f \r.
inline void append_quoted(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
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
            case '\b':
                out += "\\b";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                if (byte < 0x20 || byte == 0x7f) {
                    out.append("\\u00") += hex[byte >> 4];
                    out += hex[byte & 15];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

}  // namespace handlebars
