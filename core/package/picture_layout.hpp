// SPDX-License-Identifier: Apache-2.0
// Private to package/: where the nodes of a picture go. A layered drawing after Sugiyama: layers,
// order within layers by barycentres, heights by least squares.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace hab::package {

struct Layout {
    struct Place {
        std::uint32_t layer = 0;
        double y = 0;  ///< of the middle, in units of one node's height with its gap
    };
    std::vector<Place> nodes;
    /// For each edge the places it goes through, both ends included; always from a layer to the
    /// next.
    std::vector<std::vector<Place>> edges;
    std::uint32_t layers = 0;
    double height = 0;
};

/// `edges` point from left to right; those that close a cycle are laid out the other way round.
/// Deterministic.
[[nodiscard]] Layout lay_out(std::uint32_t nodes,
                             const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges);

}  // namespace hab::package
