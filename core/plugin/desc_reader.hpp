// SPDX-License-Identifier: Apache-2.0
// Reads what a loaded library says about itself: tables and descriptors of any minor version, into
// our own zero-filled copies.
#pragma once

#include <hab/plugin.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "plugin/metadata.hpp"

namespace hab::plugin {

/// A copy of a size-tagged struct as large as ours: members the other side does not know are zero.
template <class Struct>
[[nodiscard]] Struct read_struct(const Struct* theirs) noexcept {
    Struct ours{};
    std::memcpy(&ours, theirs, std::min<std::size_t>(theirs->struct_size, sizeof(Struct)));
    return ours;
}

/// The descriptor in the form of the metadata section. Throws invalid_input if it breaks the ABI's
/// rules (no id, no create, no table …).
[[nodiscard]] PluginMeta meta_of(const hab_plugin_desc& desc, std::uint32_t abi_minor);

/// What differs between section and descriptor, or nothing. A plugin whose two faces differ is
/// refused: what was listed and checked would not be what runs.
[[nodiscard]] std::optional<std::string> difference(const PluginMeta& section,
                                                    const PluginMeta& descriptor);

}  // namespace hab::plugin
