// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "quote.hpp"
#include "writers.hpp"

namespace handlebars {
namespace {

/// Words that YAML 1.1 or 1.2 readers take for something else than text.
bool is_reserved(std::string_view text) {
    static constexpr std::array<std::string_view, 12> words = {
        "true", "false", "yes", "no", "on", "off", "null", "~", "y", "n", ".inf", ".nan"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    return std::find(words.begin(), words.end(), lower) != words.end();
}

/// Whether the text means itself without quotes in block style.
bool is_plain(std::string_view text) {
    if (text.empty() || is_reserved(text)) return false;
    constexpr std::string_view never_first = "-?:,[]{}#&*!|>'\"%@` \t.+0123456789=<";
    if (never_first.find(text.front()) != text.npos) {
        // Paths and dotted names are common and harmless; anything near a number is not.
        const bool is_dotted_name = text.front() == '.' && text.size() > 1 &&
                                    (text[1] == '/' || (text[1] >= 'a' && text[1] <= 'z'));
        if (!is_dotted_name) return false;
    }
    if (text.back() == ' ' || text.back() == ':' || text.back() == '\t') return false;
    if (text.find(": ") != text.npos || text.find(" #") != text.npos) return false;
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

void append_scalar(std::string& out, std::string_view text) {
    if (is_plain(text)) {
        out += text;
        return;
    }
    const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
    if (has_control) {
        append_quoted(out, text);
        return;
    }
    out += '\'';
    for (const char c : text)
        out.append(c == '\'' ? 2 : 1, c);
    out += '\'';
}

class Writer {
public:
    explicit Writer(const Names& names) : names_(names) {}
    std::string out;

    /// The cursor stands at the start of a line or behind "- " at column `indent`.
    void block(const Store* store, const Node& node, std::size_t indent) {
        if (node.kind == Kind::object && node.size != 0) return table(store, node, indent);
        if (node.kind == Kind::array && node.size != 0) return list(store, node, indent);
        scalar(node);
        out += '\n';
    }

private:
    void scalar(const Node& node) {
        switch (node.kind) {
            case Kind::null:
                out += "null";
                return;
            case Kind::boolean:
                out += node.truth ? "true" : "false";
                return;
            case Kind::number:
                out += node.view();
                return;
            case Kind::string:
                append_scalar(out, node.view());
                return;
            case Kind::array:
                out += "[]";
                return;
            case Kind::object:
                out += "{}";
                return;
        }
    }

    void table(const Store* store, const Node& node, std::size_t indent) {
        const auto& keys = names_.keys_of(node.children.shape);
        for (std::uint32_t i = 0; i < node.size; ++i) {
            if (i != 0) out.append(indent, ' ');
            append_scalar(out, names_.text(keys[i]));
            out += ':';
            const Node& child = store->child(node, i);
            if (child.is_container() && child.size != 0) {
                // Lists stand under their key without further indentation.
                const std::size_t deeper = indent + (child.kind == Kind::object ? 2 : 0);
                out.append("\n").append(deeper, ' ');
                block(store, child, deeper);
            } else {
                out += ' ';
                block(store, child, indent);
            }
        }
    }

    void list(const Store* store, const Node& node, std::size_t indent) {
        for (std::uint32_t i = 0; i < node.size; ++i) {
            if (i != 0) out.append(indent, ' ');
            out += "- ";
            block(store, store->child(node, i), indent + 2);
        }
    }

    const Names& names_;
};

}  // namespace

std::string to_yaml(const Value& value, const Names& names) {
    Writer writer(names);
    writer.block(value.store, value.node, 0);
    return std::move(writer.out);
}

}  // namespace handlebars
