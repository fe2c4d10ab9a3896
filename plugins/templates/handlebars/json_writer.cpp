// SPDX-License-Identifier: Apache-2.0
#include "quote.hpp"
#include "writers.hpp"

namespace handlebars {
namespace {

class Writer {
public:
    Writer(const Names& names, bool pretty) : names_(names), pretty_(pretty) {}
    std::string out;

    void write(const Store* store, const Node& node, std::size_t depth) {
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
                append_quoted(out, node.view());
                return;
            case Kind::array:
            case Kind::object:
                break;
        }
        const bool is_object = node.kind == Kind::object;
        out += is_object ? '{' : '[';
        for (std::uint32_t i = 0; i < node.size; ++i) {
            if (i != 0) out += ',';
            new_line(depth + 1);
            if (is_object) {
                append_quoted(out, names_.text(names_.keys_of(node.children.shape)[i]));
                out += pretty_ ? ": " : ":";
            }
            write(store, store->child(node, i), depth + 1);
        }
        if (node.size != 0) new_line(depth);
        out += is_object ? '}' : ']';
    }

private:
    void new_line(std::size_t depth) {
        if (pretty_) out.append("\n").append(depth * 2, ' ');
    }
    const Names& names_;
    bool pretty_;
};

}  // namespace

std::string to_json(const Value& value, const Names& names, bool pretty) {
    Writer writer(names, pretty);
    writer.write(value.store, value.node, 0);
    return std::move(writer.out);
}

}  // namespace handlebars
