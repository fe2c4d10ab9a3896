// SPDX-License-Identifier: Apache-2.0
// Keys and shapes: what objects of one engine instance have in common. A key is a number, and
// objects with the same keys in the same order share one shape, so that a path step finds its
// member by comparing two numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace handlebars {

using KeyId = std::uint32_t;
using ShapeId = std::uint32_t;
inline constexpr ShapeId no_shape = 0xFFFFFFFFu;

class Names {
public:
    /// Number of a key; the same text gives the same number until it is forgotten.
    KeyId key(std::string_view text);
    /// This key and all with smaller numbers stay: something refers to it.
    void keep(KeyId key) noexcept { kept_ = std::max<std::size_t>(kept_, key + std::size_t{1}); }
    /// So do all keys that there are.
    void keep_all() noexcept { kept_ = keys_.size(); }

    /// Belongs to whoever holds objects. While there is one nothing is forgotten; after the last,
    /// what only objects used is: a thousand engines at rest hold the names in their templates.
    class Use {
    public:
        explicit Use(Names& names) noexcept : names_(names) { ++names_.users_; }
        ~Use() {
            if (--names_.users_ == 0) names_.forget_unkept();
        }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

    private:
        Names& names_;
    };

    /// Number of a key that some object or template has used, or nothing.
    [[nodiscard]] std::optional<KeyId> find_key(std::string_view text) const;
    [[nodiscard]] const std::string& text(KeyId key) const { return keys_[key]; }

    /// Shape of objects with these keys if there has been one: then the keys differ from each
    /// other.
    [[nodiscard]] std::optional<ShapeId> find_shape(const std::vector<KeyId>& keys) const;
    /// Shape of objects with these keys, which must differ from each other.
    ShapeId shape(const std::vector<KeyId>& keys);
    [[nodiscard]] const std::vector<KeyId>& keys_of(ShapeId shape) const {
        return *shapes_[shape - first_shape_].keys;
    }
    /// Position of a key in a shape, or nothing.
    [[nodiscard]] std::optional<std::uint32_t> slot(ShapeId shape, KeyId key) const;

private:
    struct KeysHash {
        std::size_t operator()(const std::vector<KeyId>& keys) const noexcept;
    };
    struct Shape {
        const std::vector<KeyId>* keys = nullptr;
        std::unordered_map<KeyId, std::uint32_t> index;  ///< only of large shapes
    };

    void forget_unkept() noexcept;

    std::deque<std::string> keys_;
    std::unordered_map<std::string_view, KeyId> key_ids_;
    std::unordered_map<std::vector<KeyId>, ShapeId, KeysHash> shape_ids_;
    std::vector<Shape> shapes_;
    ShapeId first_shape_ = 0;  ///< templates remember shapes: no number is given out twice
    std::size_t kept_ = 0;     ///< keys
    std::size_t users_ = 0;
};

}  // namespace handlebars
