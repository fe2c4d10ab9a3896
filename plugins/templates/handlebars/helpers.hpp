// SPDX-License-Identifier: Apache-2.0
// Helpers that give a value: {{toJson cfg}}, {{#if (eq a b)}}. Blocks are in blocks.cpp.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "source.hpp"
#include "value.hpp"

namespace handlebars {

class Render;
struct Call;

/// What a helper gets. Values are valid until the render ends.
struct Arguments {
    Render& render;
    const Call& call;
    std::span<const Value> params;

    /// Value of a name=value argument; null if it was not given.
    [[nodiscard]] Value named(std::string_view name) const;
    /// Parameter `index` as text; throws at the call's place if it is anything but a string.
    [[nodiscard]] std::string_view string(std::size_t index) const;
    /// Throws at the call's place: "helper 'x': <message>".
    [[noreturn]] void fail(const std::string& message, std::string hint = {}) const;
    /// A new string or boolean.
    [[nodiscard]] Value make_string(std::string_view text) const;
    [[nodiscard]] static Value make_boolean(bool value) noexcept;
};

struct Helper {
    std::string_view name;
    Value (*run)(const Arguments& arguments);
    std::size_t min_params = 0;
    std::size_t max_params = 0;
    bool in_modern = true;
    bool in_classic = true;
    bool asks = false;  ///< its arguments may be missing, even in a strict render
};

/// Nothing if no helper of that name exists in the mode.
[[nodiscard]] const Helper* find_helper(std::string_view name, Mode mode) noexcept;

/// The helper, or the block, that was probably meant by a name; empty if none is near.
[[nodiscard]] std::string near_helper(std::string_view name, Mode mode);
[[nodiscard]] std::string near_block(std::string_view name);

/// One room of helpers each; find_helper looks through all of them.
[[nodiscard]] std::span<const Helper> comparison_helpers() noexcept;
[[nodiscard]] std::span<const Helper> text_helpers() noexcept;
[[nodiscard]] std::span<const Helper> data_helpers() noexcept;

}  // namespace handlebars
