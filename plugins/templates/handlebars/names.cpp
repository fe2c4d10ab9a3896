// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

#include <new>

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
    const auto next = first_shape_ + static_cast<ShapeId>(shapes_.size());
    const auto [known, is_new] = shape_ids_.try_emplace(keys, next);
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
    const Shape& found = shapes_[shape - first_shape_];
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

void Names::forget_unkept() noexcept {
    // Numbers run out after four thousand million shapes; then what there is stays.
    constexpr ShapeId last_start = no_shape / 2;
    if (first_shape_ < last_start) {
        first_shape_ += static_cast<ShapeId>(shapes_.size());
        shapes_ = {};
        shape_ids_ = {};
    }
    if (keys_.size() == kept_) return;
    while (keys_.size() > kept_) {
        key_ids_.erase(keys_.back());
        keys_.pop_back();
    }
    // Only memory is at stake: where there is none for smaller tables, the large ones stay.
    try {
        keys_.shrink_to_fit();
        key_ids_.rehash(0);
    } catch (const std::bad_alloc&) {
        return;
    }
}

}  // namespace handlebars
