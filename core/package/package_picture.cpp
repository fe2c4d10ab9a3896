// SPDX-License-Identifier: Apache-2.0
#include "package/package_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/json.hpp"
#include "package/ordering.hpp"

namespace hab::package {
namespace {

/// Nodes in the order in which a search meets them, at most `depth` steps away.
std::vector<PackageGraph::Node> near_by(const PackageGraph& graph, PackageGraph::Node root,
                                        Direction direction, unsigned depth) {
    std::vector<PackageGraph::Node> found = {root};
    std::vector<bool> seen(graph.size());
    seen[root] = true;
    std::size_t begin = 0;
    for (unsigned step = 0; (depth == 0 || step < depth) && begin < found.size(); ++step) {
        const std::size_t end = found.size();
        for (; begin < end; ++begin) {
            for (const auto next : graph.neighbours(found[begin], direction)) {
                if (!seen[next]) found.push_back(next);
                seen[next] = true;
            }
        }
    }
    return found;
}

/// A set of nodes for each node; small enough for the few thousand nodes that a person looks at.
using Sets = std::vector<std::vector<bool>>;

void add_all(std::vector<bool>& to, const std::vector<bool>& from) {
    for (std::size_t i = 0; i < to.size(); ++i) {
        if (from[i]) to[i] = true;
    }
}

/// Everything behind each node, and whether the node lies on a cycle.
Sets reachable(std::size_t count, const std::vector<std::vector<std::uint32_t>>& next) {
    Sets sets(count, std::vector<bool>(count));
    // Repeated until nothing changes: once for graphs without cycles if nodes are taken in the
    // order in which a depth-first search leaves them.
    std::vector<std::uint32_t> order;
    std::vector<char> state(count, 0);
    for (std::uint32_t start = 0; start < count; ++start) {
        std::vector<std::uint32_t> stack = {start};
        while (!stack.empty()) {
            const std::uint32_t node = stack.back();
            if (state[node] == 0) {
                state[node] = 1;
                for (const std::uint32_t other : next[node]) {
                    if (state[other] == 0) stack.push_back(other);
                }
            } else {
                stack.pop_back();
                if (state[node] == 1) order.push_back(node);
                state[node] = 2;
            }
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (const std::uint32_t node : order) {
            std::vector<bool> now = sets[node];
            for (const std::uint32_t other : next[node]) {
                now[other] = true;
                add_all(now, sets[other]);
            }
            if (now != sets[node]) changed = true;
            sets[node] = std::move(now);
        }
    }
    return sets;
}

}  // namespace

Picture make_picture(const PackageGraph& graph, const Ident& root, Direction direction,
                     unsigned depth) {
    const auto start = graph.find(root);
    if (!start || !graph.installed(*start)) {
        throw Error(ErrorCode::not_found,
                    fmt::format("the package '{}' is not installed", root.to_string()),
                    "see what is with 'hab pkg list --all'");
    }
    auto found = near_by(graph, *start, direction, depth);
    std::sort(found.begin() + 1, found.end(),
              [&](auto a, auto b) { return compare_by_parts(graph.ident(a), graph.ident(b)) < 0; });
    Picture picture;
    picture.direction = direction;
    std::map<PackageGraph::Node, std::uint32_t> places;
    for (const auto node : found) {
        places.emplace(node, static_cast<std::uint32_t>(picture.nodes.size()));
        picture.nodes.push_back({graph.ident(node), graph.installed(node)});
    }
    for (const auto node : found) {
        for (const auto needed : graph.neighbours(node, Direction::dependencies)) {
            const auto place = places.find(needed);
            if (place != places.end() && needed != node)
                picture.edges.emplace_back(places.at(node), place->second);
        }
    }
    std::sort(picture.edges.begin(), picture.edges.end());
    picture.edges.erase(std::unique(picture.edges.begin(), picture.edges.end()),
                        picture.edges.end());
    return picture;
}

std::vector<Picture::Edge> essential_edges(const Picture& picture) {
    std::vector<std::vector<std::uint32_t>> next(picture.nodes.size());
    for (const auto& [from, to] : picture.edges)
        next[from].push_back(to);
    const Sets behind = reachable(picture.nodes.size(), next);
    std::vector<Picture::Edge> edges;
    for (const Picture::Edge& edge : picture.edges) {
        const auto other_way = [&](std::uint32_t via) {
            return via != edge.second && behind[via][edge.second] && !behind[edge.second][via] &&
                   !behind[via][edge.first];
        };
        if (std::none_of(next[edge.first].begin(), next[edge.first].end(), other_way))
            edges.push_back(edge);
    }
    return edges;
}

std::string to_dot(const Picture& picture) {
    std::string text = "digraph packages {\n  rankdir=LR;\n  node [shape=box];\n";
    const auto quoted = [&](std::uint32_t node) {
        std::string name;
        append_json_string(name, picture.nodes[node].ident.to_string());
        return name;
    };
    for (std::uint32_t node = 0; node < picture.nodes.size(); ++node) {
        text += fmt::format("  {}{};\n", quoted(node),
                            picture.nodes[node].installed ? "" : " [style=dashed]");
    }
    for (const auto& [from, to] : picture.edges)
        text += fmt::format("  {} -> {};\n", quoted(from), quoted(to));
    return text + "}\n";
}

std::string to_json_text(const Picture& picture) {
    Array nodes;
    for (const Picture::Node& node : picture.nodes) {
        Object one;
        one.set("ident", node.ident.to_string());
        one.set("installed", node.installed);
        nodes.emplace_back(std::move(one));
    }
    Array edges;
    for (const auto& [from, to] : picture.edges) {
        edges.emplace_back(
            Array{picture.nodes[from].ident.to_string(), picture.nodes[to].ident.to_string()});
    }
    Object object;
    object.set("root", picture.nodes.front().ident.to_string());
    object.set("direction",
               picture.direction == Direction::dependencies ? "dependencies" : "dependents");
    object.set("nodes", std::move(nodes));
    object.set("edges", std::move(edges));
    return to_json(object, true);
}

}  // namespace hab::package
