// SPDX-License-Identifier: Apache-2.0
#include "package/picture_layout.hpp"

#include <algorithm>
#include <numeric>

namespace hab::package {
namespace {

using Index = std::uint32_t;
using Edge = std::pair<Index, Index>;

constexpr int order_sweeps = 24;
constexpr int height_sweeps = 40;
/// The share of a layer's height that a point of a long edge takes, a node takes 1.
constexpr double bend_height = 0.35;

/// Where each node lies if every edge leads at least one layer on. Edges that lead back are turned.
class Layering {
public:
    Layering(Index count, std::vector<Edge>& edges) : edges_(edges), next_(count), state_(count) {
        for (Index i = 0; i < edges_.size(); ++i)
            next_[edges_[i].first].push_back(i);
        std::vector<Index> order;
        for (Index node = 0; node < count; ++node)
            visit(node, order);
        std::reverse(order.begin(), order.end());
        layers_.assign(count, 0);
        std::vector<std::vector<Index>> onward(count);
        for (const auto& [from, to] : edges_)
            onward[from].push_back(to);
        for (const Index node : order) {
            for (const Index to : onward[node])
                layers_[to] = std::max(layers_[to], layers_[node] + 1);
        }
    }
    [[nodiscard]] const std::vector<Index>& layers() const { return layers_; }

private:
    /// Depth-first, with an own stack: dependencies may be long chains.
    void visit(Index start, std::vector<Index>& order) {
        if (state_[start] != 0) return;
        std::vector<std::pair<Index, std::size_t>> stack = {{start, 0}};
        state_[start] = 1;
        while (!stack.empty()) {
            auto& [node, position] = stack.back();
            if (position == next_[node].size()) {
                state_[node] = 2;
                order.push_back(node);
                stack.pop_back();
                continue;
            }
            Edge& edge = edges_[next_[node][position++]];
            const Index to = edge.second;
            if (state_[to] == 1) {
                std::swap(edge.first, edge.second);
            } else if (state_[to] == 0) {
                state_[to] = 1;
                stack.emplace_back(to, 0);
            }
        }
    }

    std::vector<Edge>& edges_;
    std::vector<std::vector<Index>> next_;
    std::vector<char> state_;
    std::vector<Index> layers_;
};

/// Nodes and the bends of long edges, in layers.
struct Mesh {
    std::vector<Index> layer;                ///< of each point
    std::vector<std::vector<Index>> left;    ///< neighbours in the layer before
    std::vector<std::vector<Index>> right;   ///< and after
    std::vector<std::vector<Index>> chains;  ///< points of each edge, from left to right
    std::vector<std::vector<Index>> rows;    ///< points of each layer in their order
    Index nodes = 0;                         ///< points from here on are bends

    Index add(Index in_layer) {
        layer.push_back(in_layer);
        left.emplace_back();
        right.emplace_back();
        rows[in_layer].push_back(static_cast<Index>(layer.size() - 1));
        return static_cast<Index>(layer.size() - 1);
    }
    void link(Index a, Index b) {
        right[a].push_back(b);
        left[b].push_back(a);
    }
    [[nodiscard]] double height(Index point) const { return point < nodes ? 1.0 : bend_height; }
};

Mesh make_mesh(const std::vector<Index>& layers, const std::vector<Edge>& edges) {
    Mesh mesh;
    mesh.rows.resize(layers.empty() ? 0 : *std::max_element(layers.begin(), layers.end()) + 1);
    for (const Index layer : layers)
        mesh.add(layer);
    mesh.nodes = static_cast<Index>(layers.size());
    for (const auto& [from, to] : edges) {
        std::vector<Index> chain = {from};
        for (Index layer = layers[from] + 1; layer < layers[to]; ++layer) {
            const Index bend = mesh.add(layer);
            mesh.link(chain.back(), bend);
            chain.push_back(bend);
        }
        mesh.link(chain.back(), to);
        chain.push_back(to);
        mesh.chains.push_back(std::move(chain));
    }
    return mesh;
}

std::vector<double> positions(const Mesh& mesh) {
    std::vector<double> position(mesh.layer.size());
    for (const auto& row : mesh.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            position[row[i]] = static_cast<double>(i);
    }
    return position;
}

/// Pairs of edges between neighbouring layers that cross: inversions, counted with a Fenwick tree.
std::uint64_t crossings(const Mesh& mesh) {
    const auto position = positions(mesh);
    std::uint64_t count = 0;
    for (std::size_t layer = 0; layer + 1 < mesh.rows.size(); ++layer) {
        std::vector<std::uint64_t> tree(mesh.rows[layer + 1].size() + 1);
        std::uint64_t seen = 0;
        for (const Index point : mesh.rows[layer]) {
            std::vector<std::size_t> ends;
            for (const Index other : mesh.right[point])
                ends.push_back(static_cast<std::size_t>(position[other]));
            for (const std::size_t end : ends) {
                std::uint64_t before = 0;
                for (std::size_t i = end + 1; i > 0; i &= i - 1)
                    before += tree[i];
                count += seen - before;
            }
            for (const std::size_t end : ends) {
                for (std::size_t i = end + 1; i < tree.size(); i += i & (~i + 1))
                    ++tree[i];
                ++seen;
            }
        }
    }
    return count;
}

double mean(const std::vector<Index>& points, const std::vector<double>& of, double otherwise) {
    if (points.empty()) return otherwise;
    double sum = 0;
    for (const Index point : points)
        sum += of[point];
    return sum / static_cast<double>(points.size());
}

/// Sorts one layer by the mean position of the neighbours on one side.
void sort_row(Mesh& mesh, std::size_t layer, bool by_left) {
    const auto position = positions(mesh);
    std::vector<double> wish(mesh.layer.size());
    for (const Index point : mesh.rows[layer]) {
        const auto& neighbours = by_left ? mesh.left[point] : mesh.right[point];
        wish[point] = mean(neighbours, position, position[point]);
    }
    // Those with the same wish stay as they are.
    std::sort(mesh.rows[layer].begin(), mesh.rows[layer].end(), [&](Index a, Index b) {
        return wish[a] != wish[b] ? wish[a] < wish[b] : position[a] < position[b];
    });
}

void order_rows(Mesh& mesh) {
    auto best = mesh.rows;
    std::uint64_t fewest = crossings(mesh);
    for (int sweep = 0; sweep < order_sweeps && fewest > 0; ++sweep) {
        const bool forward = sweep % 2 == 0;
        for (std::size_t i = 1; i < mesh.rows.size(); ++i)
            sort_row(mesh, forward ? i : mesh.rows.size() - 1 - i, forward);
        const std::uint64_t now = crossings(mesh);
        if (now < fewest) {
            fewest = now;
            best = mesh.rows;
        }
    }
    mesh.rows = std::move(best);
}

/// Heights nearest to the wished ones (least squares) that keep order and distances: pools of
/// adjacent violators.
void settle_row(const Mesh& mesh, const std::vector<Index>& row, const std::vector<double>& wish,
                std::vector<double>& y) {
    struct Pool {
        double sum;
        double count;
        std::size_t size;
    };
    std::vector<double> offset(row.size());
    for (std::size_t i = 1; i < row.size(); ++i)
        offset[i] = offset[i - 1] + (mesh.height(row[i - 1]) + mesh.height(row[i])) / 2;
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < row.size(); ++i) {
        pools.push_back({wish[row[i]] - offset[i], 1, 1});
        while (pools.size() > 1) {
            const Pool last = pools.back();
            Pool& before = pools[pools.size() - 2];
            if (before.sum / before.count <= last.sum / last.count) break;
            before = {before.sum + last.sum, before.count + last.count, before.size + last.size};
            pools.pop_back();
        }
    }
    std::size_t i = 0;
    for (const Pool& pool : pools) {
        for (std::size_t k = 0; k < pool.size; ++k, ++i)
            y[row[i]] = pool.sum / pool.count + offset[i];
    }
}

std::vector<double> heights(const Mesh& mesh) {
    std::vector<double> y(mesh.layer.size());
    for (const auto& row : mesh.rows)
        settle_row(mesh, row, y, y);
    for (int sweep = 0; sweep < height_sweeps; ++sweep) {
        const bool forward = sweep % 2 == 0;
        for (std::size_t i = 0; i < mesh.rows.size(); ++i) {
            const auto& row = mesh.rows[forward ? i : mesh.rows.size() - 1 - i];
            std::vector<double> wish = y;
            for (const Index point : row) {
                const double left = mean(mesh.left[point], y, y[point]);
                const double right = mean(mesh.right[point], y, y[point]);
                wish[point] = mesh.left[point].empty()    ? right
                              : mesh.right[point].empty() ? left
                                                          : (left + right) / 2;
            }
            settle_row(mesh, row, wish, y);
        }
    }
    return y;
}

}  // namespace

Layout lay_out(std::uint32_t nodes,
               const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges) {
    std::vector<Edge> onward = edges;
    const Layering layering(nodes, onward);
    Mesh mesh = make_mesh(layering.layers(), onward);
    order_rows(mesh);
    const auto y = heights(mesh);
    const double top = y.empty() ? 0 : *std::min_element(y.begin(), y.end());
    const double bottom = y.empty() ? 0 : *std::max_element(y.begin(), y.end());
    Layout layout;
    layout.layers = static_cast<Index>(mesh.rows.size());
    layout.height = bottom - top + 1;
    const auto place = [&](Index point) {
        return Layout::Place{mesh.layer[point], y[point] - top + 0.5};
    };
    for (Index node = 0; node < nodes; ++node)
        layout.nodes.push_back(place(node));
    for (std::size_t i = 0; i < edges.size(); ++i) {
        std::vector<Layout::Place> path;
        for (const Index point : mesh.chains[i])
            path.push_back(place(point));
        layout.edges.push_back(std::move(path));
    }
    return layout;
}

}  // namespace hab::package
