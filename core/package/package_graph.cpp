// SPDX-License-Identifier: Apache-2.0
#include "package/package_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "package/ordering.hpp"
#include "package/parallel.hpp"

namespace hab::package {
namespace {

using Node = PackageGraph::Node;

/// Gives every ident a number.
class Numbering {
public:
    explicit Numbering(std::vector<Ident>& idents) : idents_(idents) {}

    Node number(const Ident& ident) {
        const auto [at, added] =
            numbers_.try_emplace(ident.to_string(), static_cast<Node>(idents_.size()));
        if (added) idents_.push_back(ident);
        return at->second;
    }

private:
    std::vector<Ident>& idents_;
    std::unordered_map<std::string, Node> numbers_;
};

}  // namespace

std::span<const Node> PackageGraph::Rows::row(Node node) const {
    return std::span(nodes).subspan(begin[node], begin[node + 1] - begin[node]);
}

PackageGraph::PackageGraph(std::vector<Entry> installed) : installed_(installed.size()) {
    const auto before = [](const Entry& a, const Entry& b) {
        return compare_by_parts(a.ident, b.ident) < 0;
    };
    // A store lists them sorted, and comparing versions is what costs most here.
    if (!std::is_sorted(installed.begin(), installed.end(), before))
        std::sort(installed.begin(), installed.end(), before);
    Numbering numbering(idents_);
    for (const Entry& entry : installed)
        numbering.number(entry.ident);
    dependencies_.begin.push_back(0);
    for (const Entry& entry : installed) {
        for (const Ident& dep : entry.deps)
            dependencies_.nodes.push_back(numbering.number(dep));
        dependencies_.begin.push_back(static_cast<std::uint32_t>(dependencies_.nodes.size()));
    }
    dependencies_.begin.resize(size() + 1, dependencies_.begin.back());

    dependents_.begin.resize(size() + 1);
    for (const Node node : dependencies_.nodes)
        ++dependents_.begin[node + 1];
    std::partial_sum(dependents_.begin.begin(), dependents_.begin.end(), dependents_.begin.begin());
    dependents_.nodes.resize(dependencies_.nodes.size());
    std::vector<std::uint32_t> next(dependents_.begin.begin(), dependents_.begin.end() - 1);
    for (Node node = 0; node < installed_; ++node) {
        for (const Node dep : dependencies_.row(node))
            dependents_.nodes[next[dep]++] = node;
    }

    by_text_.resize(size());
    std::iota(by_text_.begin(), by_text_.end(), 0);
    std::vector<std::string> texts;
    texts.reserve(size());
    for (const Ident& ident : idents_)
        texts.push_back(ident.to_string());
    std::sort(by_text_.begin(), by_text_.end(),
              [&texts](Node a, Node b) { return texts[a] < texts[b]; });
}

PackageGraph PackageGraph::read(const InstalledPackages& store) {
    std::vector<Ident> idents = store.list();
    std::vector<Entry> entries(idents.size());
    std::vector<std::optional<Error>> errors(idents.size());
    in_parallel(idents.size(), [&](std::size_t i) {
        try {
            entries[i].deps = Metafiles(store.dir_of(idents[i])).idents(metafile::deps);
        } catch (const Error& error) {
            errors[i] = error;
        }
    });
    std::vector<std::pair<Ident, Error>> broken;
    for (std::size_t i = 0; i < idents.size(); ++i) {
        if (errors[i]) broken.emplace_back(idents[i], *errors[i]);
        entries[i].ident = std::move(idents[i]);
    }
    PackageGraph graph(std::move(entries));
    for (auto& [ident, error] : broken) {
        graph.damaged_.push_back(
            {*graph.find(ident),
             error.in(fmt::format("cannot tell what '{}' needs", ident.to_string()))
                 .with_hint("mend the package: remove its directory and install it again")});
    }
    return graph;
}

std::optional<Node> PackageGraph::find(const Ident& fully_qualified) const {
    const std::string text = fully_qualified.to_string();
    const auto at = std::lower_bound(by_text_.begin(), by_text_.end(), text,
                                     [this](Node node, const std::string& wanted) {
                                         return idents_[node].to_string() < wanted;
                                     });
    if (at == by_text_.end() || idents_[*at] != fully_qualified) return std::nullopt;
    return *at;
}

const PackageGraph::Rows& PackageGraph::rows(Direction direction) const noexcept {
    return direction == Direction::dependencies ? dependencies_ : dependents_;
}

std::span<const Node> PackageGraph::neighbours(Node node, Direction direction) const {
    return rows(direction).row(node);
}

std::vector<Node> PackageGraph::reach(std::span<const Node> start, Direction direction) const {
    std::vector<char> seen(size(), 0);
    for (const Node node : start)
        seen[node] = 1;
    std::vector<Node> found;
    const auto take_neighbours = [&](Node node) {
        for (const Node next : rows(direction).row(node)) {
            if (std::exchange(seen[next], char{1}) == 0) found.push_back(next);
        }
    };
    for (const Node node : start)
        take_neighbours(node);
    for (std::size_t i = 0; i < found.size(); ++i)
        take_neighbours(found[i]);
    return found;
}

std::vector<Ident> PackageGraph::related(const Ident& fully_qualified, Direction direction,
                                         bool transitive) const {
    const auto node = find(fully_qualified);
    if (!node || !installed(*node)) {
        throw Error(ErrorCode::not_found,
                    fmt::format("the package '{}' is not installed", fully_qualified.to_string()),
                    "see what is there with 'hab pkg list'");
    }
    std::vector<Node> nodes;
    if (transitive) {
        nodes = reach(std::span(&*node, 1), direction);
    } else {
        const auto row = neighbours(*node, direction);
        nodes.assign(row.begin(), row.end());
    }
    std::vector<Ident> idents;
    for (const Node each : nodes)
        idents.push_back(idents_[each]);
    return idents;
}

void PackageGraph::require_sound() const {
    if (!damaged_.empty()) throw damaged_.front().error;
}

}  // namespace hab::package
