// SPDX-License-Identifier: Apache-2.0
#include <hab/types.hpp>

#include "quote.hpp"
#include "writers.hpp"

namespace handlebars {
namespace {

void append_key(std::string& out, std::string_view key) {
    constexpr std::string_view bare =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (!key.empty() && key.find_first_not_of(bare) == key.npos) {
        out += key;
    } else {
        append_quoted(out, key);
    }
}

class Writer {
public:
    explicit Writer(const Names& names) : names_(names) {}
    std::string out;

    void document(const Value& table, const std::string& path) {
        const Node& node = table.node;
        const auto& keys = names_.keys_of(node.children.shape);
        for (std::uint32_t i = 0; i < node.size; ++i) {
            const Value child = child_of(table, i);
            if (is_section(child)) continue;
            append_key(out, names_.text(keys[i]));
            out += " = ";
            value(child);
            out += '\n';
        }
        for (std::uint32_t i = 0; i < node.size; ++i) {
            const Value child = child_of(table, i);
            if (!is_section(child)) continue;
            std::string name = path.empty() ? std::string() : path + ".";
            append_key(name, names_.text(keys[i]));
            if (child.node.kind == Kind::object) {
                section(child, "[" + name + "]", name);
                continue;
            }
            for (std::uint32_t k = 0; k < child.node.size; ++k) {
                section(child_of(child, k), "[[" + name + "]]", name);
            }
        }
    }

    void value(const Value& from) {
        const Node& node = from.node;
        switch (node.kind) {
            case Kind::null:
                hab::sdk::raise(HAB_STATUS_USAGE,
                                "the value is missing or null, for which TOML has no word",
                                "check the name, or leave the key out");
            case Kind::boolean:
                out += node.truth ? "true" : "false";
                return;
            case Kind::number:
                out += node.view();
                return;
            case Kind::string:
                append_quoted(out, node.view());
                return;
            case Kind::array:
                return list(from);
            case Kind::object:
                return inline_table(from);
        }
    }

private:
    [[nodiscard]] static Value child_of(const Value& parent, std::uint32_t index) {
        return {parent.store->child(parent.node, index), parent.store, no_pattern};
    }

    /// A table, or a list of nothing but tables.
    [[nodiscard]] static bool is_section(const Value& value) {
        if (value.node.kind == Kind::object) return true;
        if (value.node.kind != Kind::array || value.node.size == 0) return false;
        for (std::uint32_t i = 0; i < value.node.size; ++i) {
            if (value.store->child(value.node, i).kind != Kind::object) return false;
        }
        return true;
    }

    void section(const Value& table, const std::string& header, const std::string& path) {
        if (!out.empty()) out += '\n';
        out.append(header).append("\n");
        document(table, path);
    }

    void list(const Value& from) {
        out += '[';
        for (std::uint32_t i = 0; i < from.node.size; ++i) {
            if (i != 0) out += ", ";
            value(child_of(from, i));
        }
        out += ']';
    }

    void inline_table(const Value& from) {
        const auto& keys = names_.keys_of(from.node.children.shape);
        out += from.node.size == 0 ? "{" : "{ ";
        for (std::uint32_t i = 0; i < from.node.size; ++i) {
            if (i != 0) out += ", ";
            append_key(out, names_.text(keys[i]));
            out += " = ";
            value(child_of(from, i));
        }
        out += from.node.size == 0 ? "}" : " }";
    }

    const Names& names_;
};

}  // namespace

std::string to_toml(const Value& value, const Names& names) {
    Writer writer(names);
    if (value.node.kind == Kind::object) {
        writer.document(value, "");
    } else {
        writer.value(value);
    }
    return std::move(writer.out);
}

}  // namespace handlebars
