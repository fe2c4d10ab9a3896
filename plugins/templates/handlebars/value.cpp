// SPDX-License-Identifier: Apache-2.0
#include "value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace handlebars {

const char* TextArena::add(std::string_view text) {
    if (text.empty()) return "";
    if (text.size() > room_) {
        room_ = std::max<std::size_t>(text.size(), 4096);
        next_ = chunks_.emplace_back(std::make_unique<char[]>(room_)).get();
    }
    char* place = next_;
    std::memcpy(place, text.data(), text.size());
    next_ += text.size();
    room_ -= text.size();
    size_ += text.size();
    return place;
}

void TextArena::clear() noexcept {
    chunks_.clear();
    room_ = 0;
    next_ = nullptr;
    size_ = 0;
}

Node Store::string(std::string_view text) {
    Node node;
    node.kind = Kind::string;
    node.size = static_cast<std::uint32_t>(text.size());
    node.text = text_.add(text);
    return node;
}

Node Store::number(std::string_view text) {
    Node node = string(text);
    node.kind = Kind::number;
    return node;
}

Node Store::integer(std::int64_t value) {
    std::array<char, 24> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return number({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

Node Store::borrowed(std::string_view text) noexcept {
    Node node;
    node.kind = Kind::string;
    node.size = static_cast<std::uint32_t>(text.size());
    node.text = text.data();
    return node;
}

Node Store::boolean(bool value) noexcept {
    Node node;
    node.kind = Kind::boolean;
    node.truth = value;
    return node;
}

Node Store::container(Kind kind, const Node* children, std::size_t count, ShapeId shape) {
    Node node;
    node.kind = kind;
    node.size = static_cast<std::uint32_t>(count);
    node.children = {static_cast<std::uint32_t>(nodes_.size()), shape};
    nodes_.insert(nodes_.end(), children, children + count);
    return node;
}

Node Store::array(const Node* children, std::size_t count) {
    return container(Kind::array, children, count, 0);
}

Node Store::object(const Node* children, std::size_t count, ShapeId shape) {
    return container(Kind::object, children, count, shape);
}

Node Store::copy(const Store& from, const Node& node) {
    if (node.kind == Kind::string) return string(node.view());
    if (node.kind == Kind::number) return number(node.view());
    if (!node.is_container()) return node;
    std::vector<Node> children;
    children.reserve(node.size);
    for (std::uint32_t i = 0; i < node.size; ++i)
        children.push_back(copy(from, from.child(node, i)));
    return container(node.kind, children.data(), children.size(),
                     node.kind == Kind::object ? node.children.shape : 0);
}

void Store::clear() noexcept {
    nodes_.clear();
    text_.clear();
}

bool is_truthy(const Node& node, bool zero_counts) noexcept {
    switch (node.kind) {
        case Kind::null:
            return false;
        case Kind::boolean:
            return node.truth;
        case Kind::number:
            // Zero in any spelling: 0, 0.0, -0.0, 0e5.
            return zero_counts || node.view()
                                          .substr(0, node.view().find_first_of("eE"))
                                          .find_first_of("123456789") != std::string_view::npos;
        case Kind::string:
        case Kind::array:
        case Kind::object:
            return node.size != 0;
    }
    return false;
}

bool equal(const Value& left, const Value& right) {
    const Node& a = left.node;
    const Node& b = right.node;
    if (a.kind != b.kind) return false;
    switch (a.kind) {
        case Kind::null:
            return true;
        case Kind::boolean:
            return a.truth == b.truth;
        case Kind::number:
        case Kind::string:
            return a.view() == b.view();
        case Kind::array:
        case Kind::object:
            break;
    }
    if (a.size != b.size) return false;
    if (a.kind == Kind::object && a.size != 0 && a.children.shape != b.children.shape) return false;
    for (std::uint32_t i = 0; i < a.size; ++i) {
        const Value left_child{left.store->child(a, i), left.store, no_pattern};
        const Value right_child{right.store->child(b, i), right.store, no_pattern};
        if (!equal(left_child, right_child)) return false;
    }
    return true;
}

std::string_view describe(Kind kind) noexcept {
    static constexpr std::array<std::string_view, 6> words = {"nothing",  "a boolean", "a number",
                                                              "a string", "a list",    "a table"};
    return words[static_cast<std::size_t>(kind)];
}

std::string format_double(double value) {
    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::scientific)
                         .ptr;
    std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    std::string out;
    if (text.front() == '-') {
        out = "-";
        text.remove_prefix(1);
    }
    const auto e = text.find('e');
    const int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
    std::string digits(1, text[0]);
    if (e > 2) digits += text.substr(2, e - 2);
    const int count = static_cast<int>(digits.size());
    const int point = exponent + 1;  // digits before the decimal point
    // The same borders between plain and exponent form as the engine that templates were written
    // for.
    if (point > 16 || point <= -5) {
        out += digits[0];
        if (count > 1) out.append(".").append(digits, 1);
        return out.append("e").append(std::to_string(exponent));
    }
    if (point <= 0) return out.append("0.").append(static_cast<std::size_t>(-point), '0') + digits;
    if (count <= point) {
        return out.append(digits).append(static_cast<std::size_t>(point - count), '0').append(".0");
    }
    const auto split = static_cast<std::size_t>(point);
    return out.append(digits, 0, split).append(".").append(digits, split);
}

}  // namespace handlebars
