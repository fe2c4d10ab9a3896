// SPDX-License-Identifier: Apache-2.0
#include "package/uninstall_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/strings.hpp"

namespace hab::package {
namespace {

using Node = PackageGraph::Node;

constexpr std::size_t most_names = 5;

/// Packages outside `inside` that need this one.
std::vector<Node> needed_by(const PackageGraph& graph, Node node, const std::set<Node>& gone,
                            const std::set<Node>& inside) {
    std::vector<Node> found;
    for (const Node dependent : graph.neighbours(node, Direction::dependents)) {
        if (dependent != node && !gone.contains(dependent) && !inside.contains(dependent))
            found.push_back(dependent);
    }
    return found;
}

/// The largest part of `candidates` that nothing outside it (and the target in it) needs.
std::set<Node> only_needed_inside(const PackageGraph& graph, Node target, std::set<Node> candidates,
                                  const std::set<Node>& gone) {
    candidates.insert(target);
    std::vector<Node> doubtful(candidates.begin(), candidates.end());
    while (!doubtful.empty()) {
        const Node node = doubtful.back();
        doubtful.pop_back();
        if (node == target || !candidates.contains(node)) continue;
        if (needed_by(graph, node, gone, candidates).empty()) continue;
        candidates.erase(node);
        const auto deps = graph.neighbours(node, Direction::dependencies);
        doubtful.insert(doubtful.end(), deps.begin(), deps.end());
    }
    return candidates;
}

/// Those in `chosen`, each before what it needs. `order` has all of them, the target first.
std::vector<Node> dependents_first(const PackageGraph& graph, const std::vector<Node>& order,
                                   const std::set<Node>& chosen) {
    std::map<Node, std::size_t> waits_for;
    for (const Node node : chosen) {
        for (const Node dep : graph.neighbours(node, Direction::dependencies)) {
            if (dep != node && chosen.contains(dep)) ++waits_for[dep];
        }
    }
    std::vector<Node> sorted;
    std::set<Node> done;
    const auto take = [&](Node first) {
        std::vector<Node> ready{first};
        while (!ready.empty()) {
            const Node node = ready.back();
            ready.pop_back();
            if (!done.insert(node).second) continue;
            sorted.push_back(node);
            for (const Node dep : graph.neighbours(node, Direction::dependencies)) {
                if (dep != node && chosen.contains(dep) && --waits_for[dep] == 0)
                    ready.push_back(dep);
            }
        }
    };
    take(order.front());
    // What is left waits for itself: packages that need each other.
    for (const Node node : order) {
        if (chosen.contains(node)) take(node);
    }
    return sorted;
}

}  // namespace

void require_not_needed(const PackageGraph& graph, Node node, const std::set<Node>& gone) {
    const auto others = needed_by(graph, node, gone, {});
    if (others.empty()) return;
    std::vector<std::string> names;
    for (const Node other : others) {
        if (names.size() == most_names) break;
        names.push_back(graph.ident(other).to_string());
    }
    const std::size_t more = others.size() - names.size();
    throw Error(ErrorCode::conflict,
                fmt::format("cannot uninstall '{}': {}{} {} it", graph.ident(node).to_string(),
                            join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : "",
                            others.size() == 1 ? "needs" : "need"),
                "uninstall what needs it first");
}

UninstallPlan plan_uninstall(const PackageGraph& graph, Node target, const std::set<Node>& gone,
                             const UninstallRules& rules) {
    require_not_needed(graph, target, gone);
    UninstallPlan plan;
    if (auto reason = rules.keep_reason(graph.ident(target)); !reason.empty()) {
        plan.kept.emplace_back(graph.ident(target), std::move(reason));
        return plan;
    }
    std::vector<Node> order{target};
    std::set<Node> candidates;
    if (rules.with_dependencies) {
        for (const Node node : graph.reach(order, Direction::dependencies)) {
            if (!graph.installed(node) || gone.contains(node)) continue;
            order.push_back(node);
            candidates.insert(node);
        }
    }
    // A package that must stay keeps what it needs, so each is left out and the rest looked at anew.
    auto chosen = only_needed_inside(graph, target, candidates, gone);
    for (const Node node : order) {
        if (node == target || !chosen.contains(node)) continue;
        auto reason = rules.keep_reason(graph.ident(node));
        if (reason.empty()) continue;
        plan.kept.emplace_back(graph.ident(node), std::move(reason));
        chosen.erase(node);
        chosen = only_needed_inside(graph, target, std::move(chosen), gone);
    }
    plan.remove = dependents_first(graph, order, chosen);
    return plan;
}

}  // namespace hab::package
