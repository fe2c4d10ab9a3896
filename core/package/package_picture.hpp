// SPDX-License-Identifier: Apache-2.0
// A picture of what a package needs.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "package/package_graph.hpp"

namespace hab::package {

/// Part of a graph, ready to be drawn. Nodes are sorted by parts but for the first, the root.
struct Picture {
    struct Node {
        Ident ident;
        bool installed = true;
    };
    using Edge = std::pair<std::uint32_t, std::uint32_t>;  ///< from, to; positions in nodes

    Direction direction = Direction::dependencies;
    std::vector<Node> nodes;
    /// All direct dependencies between the nodes, always from who needs to what is needed.
    std::vector<Edge> edges;
};

/// What can be reached from an installed package in at most `depth` steps (0: in any number).
/// Throws not_found if it is not installed.
[[nodiscard]] Picture make_picture(const PackageGraph& graph, const Ident& root,
                                   Direction direction, unsigned depth);

/// Those edges that say something: without those that a longer way says, too (transitive
/// reduction). Edges of a cycle all stay.
[[nodiscard]] std::vector<Picture::Edge> essential_edges(const Picture& picture);

/// A layered drawing from left to right, with light and dark colours, a title and a description for
/// screen readers; every node tells its whole ident. Only essential edges are drawn, thin ones for
/// long ways. Same picture, same bytes.
[[nodiscard]] std::string to_svg(const Picture& picture);
/// For Graphviz.
[[nodiscard]] std::string to_dot(const Picture& picture);
/// {"root": …, "direction": …, "nodes": [{"ident", "installed"}], "edges": [[from, to]]}, pretty.
[[nodiscard]] std::string to_json_text(const Picture& picture);

}  // namespace hab::package
