// SPDX-License-Identifier: Apache-2.0
// A compiled template. Paths remember where they found their members last time (see Names), so a
// template is changed by rendering it: one render at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "source.hpp"
#include "value.hpp"

namespace handlebars {

struct Call;
struct Helper;

/// `@` variables of a loop.
enum class Local { index, key, first, last, partial_block, unknown };

inline constexpr std::uint32_t no_slot = 0xFFFFFFFFu;

/// One step of a path.
struct Segment {
    KeyId key = 0;
    std::optional<std::uint32_t> index;  ///< when the key is a number: position in a list
    ShapeId cached_shape = no_shape;
    std::uint32_t cached_slot = 0;
};

struct Path {
    enum class Base { context, root, local };
    Base base = Base::context;
    bool is_explicit = false;  ///< began with this, ./ or ../: never a block parameter or helper
    std::uint32_t up = 0;      ///< how many ../
    Local local = Local::unknown;
    std::vector<Segment> segments;
    std::size_t offset = 0;
    std::string text;  ///< as written
    bool has_warned = false;
    std::size_t cached_segment = 0;  ///< the pattern is of the segments from here
    PatternId cached_from = no_pattern;
    PatternId cached_pattern = no_pattern;
};

/// A literal lives in the template's constants.
struct Literal {
    Node node;
};

using Expression = std::variant<Path, Literal, std::unique_ptr<Call>>;

struct HashItem {
    std::string name;
    KeyId key = 0;
    Expression value;
};

/// A head with arguments: a helper call, the head of a block, or the name and context of a partial.
struct Call {
    Expression head;
    std::string name;                ///< the head as text
    const Helper* helper = nullptr;  ///< null: no such helper
    std::vector<Expression> params;
    std::vector<HashItem> hash;
    std::vector<KeyId> block_params;
    std::size_t offset = 0;

    [[nodiscard]] bool has_arguments() const noexcept { return !params.empty() || !hash.empty(); }
};

struct Element;

struct InlinePartial;

struct Body {
    std::vector<Element> elements;
    std::vector<InlinePartial> inlines;  ///< {{#*inline}} anywhere in it: known from its start
    bool is_flat = false;                ///< nothing but texts and paths
    /// Of a flat body that begins and ends with a text: what stands between two runs of a loop.
    std::string joint;

    Body();
    Body(Body&&) noexcept;
    Body& operator=(Body&&) noexcept;
    ~Body();
};

struct InlinePartial {
    std::string name;
    Body body;
};

enum class BlockKind { if_, unless, each, each_alive, with, section, unknown };

struct Text {
    std::string text;
};
struct Output {
    Call call;
    bool is_path = false;  ///< not a helper, unless a block parameter says otherwise
};
struct Block {
    BlockKind kind = BlockKind::unknown;
    Call call;
    Body body;
    Body otherwise;
    bool has_else = false;  ///< also an empty one: the author has thought of it
};
struct Partial {
    Call call;                        ///< head: the name, or a sub-expression that gives it
    bool is_block_reference = false;  ///< {{> @partial-block}}
    bool has_body = false;            ///< {{#> name}}
    Body body;
    std::string indent;
};

/// Most are texts and paths: what is large stands elsewhere.
struct Element {
    std::variant<Text, Output, std::unique_ptr<Block>, std::unique_ptr<Partial>> part;
};

struct Program {
    Source source;
    Body body;
    Store constants;
    /// What is accepted but should be written otherwise: byte offset and message.
    std::vector<std::pair<std::size_t, std::string>> warnings;
};

}  // namespace handlebars
