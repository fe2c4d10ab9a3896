// SPDX-License-Identifier: Apache-2.0
// Reading structs of plugins that were built with another minor version of the ABI. Private to
// host/.
#pragma once

#include <hab/plugin.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "plugin/host.hpp"

namespace hab::host {

/// Our version of the struct, with the members that theirs covers and zeros for the rest.
template <class Struct>
[[nodiscard]] Struct copy_covered(const Struct* raw) noexcept {
    static_assert(std::is_trivially_copyable_v<Struct>);
    Struct copy{};
    if (raw != nullptr)
        std::memcpy(&copy, raw, std::min<std::size_t>(raw->struct_size, sizeof(Struct)));
    return copy;
}

/// Writes as much of `full` as the plugin's struct has room for.
template <class Struct>
void store_covered(Struct full, Struct* raw) noexcept {
    if (raw == nullptr) return;
    full.struct_size = raw->struct_size;
    std::memcpy(raw, &full, std::min<std::size_t>(raw->struct_size, sizeof(Struct)));
}

[[nodiscard]] inline std::string text(hab_str borrowed) {
    return std::string(plugin::from_abi(borrowed));
}

[[nodiscard]] inline std::vector<std::string> text_list(const hab_str* items, std::size_t count) {
    std::vector<std::string> list;
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        list.push_back(text(items[i]));
    return list;
}

}  // namespace hab::host
