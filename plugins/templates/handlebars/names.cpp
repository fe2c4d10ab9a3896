// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

namespace handlebars {

KeyId Names::key(std::string_view text) {
    if (const auto known = key_ids_.find(text); known != key_ids_.end()) return known->second;
    const auto id = static_cast<KeyId>(keys_.size());
    key_ids_.emplace(keys_.emplace_back(text), id);
    return id;
}

std::optional<KeyId> Names::find_key(std::string_view text) const {
    const auto known = key_ids_.find(text);
    if (known == key_ids_.end()) return std::nullopt;
    return known->second;
}

std::size_t Names::KeysHash::operator()(const std::vector<KeyId>& keys) const noexcept {
    std::size_t hash = keys.size();
    for (const KeyId key : keys)
        hash = hash * 0x9E3779B97F4A7C15u + key;
    return hash;
}

std::optional<ShapeId> Names::find_shape(const std::vector<KeyId>& keys) const {
    const auto known = shape_ids_.find(keys);
    if (known == shape_ids_.end()) return std::nullopt;
    return known->second;
}

ShapeId Names::shape(const std::vector<KeyId>& keys) {
    const auto [known, is_new] = shape_ids_.try_emplace(keys, static_cast<ShapeId>(shapes_.size()));
    if (!is_new) return known->second;
    Shape shape{&known->first, {}};
    if (keys.size() > 16) {
        for (std::uint32_t i = 0; i < keys.size(); ++i)
            shape.index.emplace(keys[i], i);
    }
    shapes_.push_back(std::move(shape));
    return known->second;
}

std::optional<std::uint32_t> Names::slot(ShapeId shape, KeyId key) const {
    const Shape& found = shapes_[shape];
    if (!found.index.empty()) {
        const auto slot = found.index.find(key);
        if (slot == found.index.end()) return std::nullopt;
        return slot->second;
    }
    for (std::uint32_t i = 0; i < found.keys->size(); ++i) {
        if ((*found.keys)[i] == key) return i;
    }
    return std::nullopt;
}

}  // namespace handlebars
