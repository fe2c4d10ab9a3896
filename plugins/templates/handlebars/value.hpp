// SPDX-License-Identifier: Apache-2.0
// Data as the renderer sees it: nodes in one vector, text in an arena. Numbers are formatted when
// they are loaded, so that rendering only copies bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "names.hpp"

namespace handlebars {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// One value: 16 bytes. Children of an array or object are neighbours in the store's node vector.
struct Node {
    struct Children {
        std::uint32_t first;
        ShapeId shape;  ///< of objects
    };
    Kind kind = Kind::null;
    bool truth = false;      ///< of booleans
    std::uint32_t size = 0;  ///< bytes of text, or number of children
    union {
        const char* text = nullptr;  ///< of numbers and strings; owned by an arena
        Children children;           ///< of arrays and objects
    };

    [[nodiscard]] std::string_view view() const noexcept { return {text, size}; }
    [[nodiscard]] bool is_text() const noexcept { return kind == Kind::string; }
    [[nodiscard]] bool is_container() const noexcept {
        return kind == Kind::array || kind == Kind::object;
    }
};
static_assert(sizeof(Node) == 16);

/// Bytes that stay where they are until the arena is cleared or destroyed.
class TextArena {
public:
    const char* add(std::string_view text);
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    void clear() noexcept;

private:
    std::vector<std::unique_ptr<char[]>> chunks_;
    std::size_t room_ = 0;  ///< bytes left in the last chunk
    char* next_ = nullptr;
    std::size_t size_ = 0;
};

/// The nodes of one JSON document, of the literals of a template, or of one render.
class Store {
public:
    [[nodiscard]] Node string(std::string_view text);
    [[nodiscard]] Node number(std::string_view text);
    [[nodiscard]] Node integer(std::int64_t value);
    /// Copies the children behind the others and describes them.
    [[nodiscard]] Node array(const Node* children, std::size_t count);
    [[nodiscard]] Node object(const Node* children, std::size_t count, ShapeId shape);
    [[nodiscard]] static Node boolean(bool value) noexcept;
    /// A string whose bytes live elsewhere, longer than the node.
    [[nodiscard]] static Node borrowed(std::string_view text) noexcept;

    [[nodiscard]] const Node& child(const Node& parent, std::uint32_t index) const {
        return nodes_[parent.children.first + index];
    }
    [[nodiscard]] Node& child(const Node& parent, std::uint32_t index) {
        return nodes_[parent.children.first + index];
    }
    /// Copies a tree of another store into this one.
    [[nodiscard]] Node copy(const Store& from, const Node& node);

    [[nodiscard]] std::size_t node_count() const noexcept { return nodes_.size(); }
    [[nodiscard]] std::size_t text_bytes() const noexcept { return text_.size(); }
    void clear() noexcept;

private:
    [[nodiscard]] Node container(Kind kind, const Node* children, std::size_t count, ShapeId shape);

    std::vector<Node> nodes_;
    TextArena text_;
};

/// Id of a path pattern; no_pattern for values that do not come from the data.
using PatternId = std::uint32_t;
inline constexpr PatternId no_pattern = 0xFFFFFFFFu;

/// A value in the hands of the renderer: the node, where its children are, and how it was reached.
struct Value {
    Node node;
    const Store* store = nullptr;
    PatternId pattern = no_pattern;
};

/// Whether `if` takes it as true. Empty objects are false, as in Habitat's engine. A number is
/// false if it is zero, unless `zero_counts`.
[[nodiscard]] bool is_truthy(const Node& node, bool zero_counts = false) noexcept;
/// Same kind and same content; numbers by their text.
[[nodiscard]] bool equal(const Value& left, const Value& right);
/// "a number", "a string" …, for messages.
[[nodiscard]] std::string_view describe(Kind kind) noexcept;

/// JSON form of a double: shortest digits, always with point or exponent ("1.0", "1e21").
[[nodiscard]] std::string format_double(double value);

}  // namespace handlebars
