// SPDX-License-Identifier: Apache-2.0
#include "package/garbage.hpp"

#include <fmt/format.h>
#include <fts.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "package/ordering.hpp"

namespace hab::package {
namespace {

using Node = PackageGraph::Node;

class Judge {
public:
    Judge(const InstalledPackages& store, const PackageGraph& graph, const GarbageRules& rules)
        : store_(store), graph_(graph), rules_(rules), reasons_(graph.size()) {}

    void keep(Node node, const std::string& reason) {
        if (!reasons_[node].empty()) return;
        reasons_[node] = reason;
        queue_.push_back(node);
    }

    void keep_roots(const std::vector<GarbageRoot>& roots) {
        for (const GarbageRoot& root : roots) {
            const auto [first, last] = named(root.ident);
            Node newest = last;
            for (Node node = first; node != last; ++node) {
                if (!graph_.ident(node).satisfies(root.ident)) continue;
                newest = node;  // of equal name, the graph is sorted oldest first
                if (!root.newest_only) keep(node, root.reason);
            }
            if (root.newest_only && newest != last) keep(newest, root.reason);
        }
    }

    void keep_used(const PathUse& use) {
        for (const auto& [text, reason] : use.packages()) {
            const auto ident = Ident::try_parse(text);
            const auto node = ident ? graph_.find(*ident) : std::nullopt;
            if (node) keep(*node, reason);
        }
    }

    void keep_latest() {
        for (Node first = 0; first < installed();) {
            Node last = first;
            while (last < installed() && same_name(last, first))
                ++last;
            const Node count = std::min<Node>(last - first, rules_.keep_latest);
            for (Node node = last - count; node < last; ++node)
                keep(node, latest_reason(node));
            first = last;
        }
    }

    void keep_young() {
        if (rules_.min_age.count() == 0) return;
        for (Node node = 0; node < installed(); ++node) {
            if (reasons_[node].empty() && is_young(store_.dir_of(graph_.ident(node)), rules_)) {
                keep(node, fmt::format("it was installed less than {} minutes ago",
                                       rules_.min_age.count()));
            }
        }
    }

    /// What the kept ones depend on.
    void spread() {
        const bool complete = graph_.size() == graph_.installed_count();
        while (!queue_.empty()) {
            const Node node = queue_.back();
            queue_.pop_back();
            const std::string reason = graph_.ident(node).to_string() + " needs it";
            for (const Node needed : graph_.neighbours(node, Direction::dependencies))
                keep(needed, reason);
            if (complete || !graph_.installed(node)) continue;
            // Beyond a package that is missing, DEPS say nothing.
            const InstalledPackage package(graph_.ident(node), store_.dir_of(graph_.ident(node)));
            for (const Ident& ident : package.tdeps()) {
                if (const auto needed = graph_.find(ident)) keep(*needed, reason);
            }
        }
    }

    [[nodiscard]] std::vector<GarbageItem> verdicts() {
        std::vector<GarbageItem> items;
        items.reserve(installed());
        for (Node node = 0; node < installed(); ++node) {
            GarbageItem item;
            item.name = graph_.ident(node).to_string();
            item.path = store_.dir_of(graph_.ident(node));
            item.keep = !reasons_[node].empty();
            item.reason = item.keep ? std::move(reasons_[node]) : "nothing needs it";
            items.push_back(std::move(item));
        }
        return items;
    }

private:
    [[nodiscard]] Node installed() const { return static_cast<Node>(graph_.installed_count()); }
    [[nodiscard]] bool same_name(Node a, Node b) const {
        return graph_.ident(a).name == graph_.ident(b).name &&
               graph_.ident(a).origin == graph_.ident(b).origin;
    }
    /// Range of installed packages of that origin and name.
    [[nodiscard]] std::pair<Node, Node> named(const Ident& ident) const {
        const auto less = [&](Node node) {
            const Ident& other = graph_.ident(node);
            return std::pair(std::string_view(other.origin), std::string_view(other.name)) <
                   std::pair(std::string_view(ident.origin), std::string_view(ident.name));
        };
        Node low = 0;
        for (Node high = installed(); low < high;) {
            const Node middle = low + (high - low) / 2;
            if (less(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Node end = low;
        while (end < installed() && graph_.ident(end).name == ident.name &&
               graph_.ident(end).origin == ident.origin)
            ++end;
        return {low, end};
    }
    [[nodiscard]] std::string latest_reason(Node node) const {
        const std::string name = graph_.ident(node).without_version().to_string();
        return rules_.keep_latest == 1
                   ? fmt::format("it is the newest {}", name)
                   : fmt::format("it is one of the {} newest {}", rules_.keep_latest, name);
    }

    const InstalledPackages& store_;
    const PackageGraph& graph_;
    const GarbageRules& rules_;
    std::vector<std::string> reasons_;
    std::vector<Node> queue_;
};

struct FtsCloser {
    void operator()(FTS* tree) const noexcept { ::fts_close(tree); }
};

}  // namespace

std::string_view to_string(GarbageKind kind) noexcept {
    switch (kind) {
        case GarbageKind::package:
            return "package";
        case GarbageKind::artifact:
            return "artifact";
        case GarbageKind::source:
            return "source";
        case GarbageKind::build:
            return "build";
        case GarbageKind::studio:
            return "studio";
        case GarbageKind::plugin_cache:
            return "plugin cache";
    }
    return "item";
}

std::vector<GarbageItem> judge_packages(const InstalledPackages& store, const PackageGraph& graph,
                                        const std::vector<GarbageRoot>& roots, const PathUse& use,
                                        const GarbageRules& rules) {
    graph.require_sound();
    Judge judge(store, graph, rules);
    // The first reason that is found is the one that is told: the most telling ones come first.
    judge.keep_roots(roots);
    judge.keep_used(use);
    judge.keep_latest();
    judge.keep_young();
    judge.spread();
    return judge.verdicts();
}

bool is_young(const fs::path& path, const GarbageRules& rules) {
    if (rules.min_age.count() == 0) return false;
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) return false;
    // The time of the last change of the inode: unpacking restores modification times, renaming into
    // place sets this one.
    const auto changed = WallTime(std::chrono::duration_cast<WallTime::duration>(
        std::chrono::seconds(info.st_ctim.tv_sec) +
        std::chrono::nanoseconds(info.st_ctim.tv_nsec)));
    return changed > rules.now - rules.min_age;
}

std::uint64_t bytes_on_disk(const fs::path& path) {
    std::string name = path.string();
    char* const roots[] = {name.data(), nullptr};
    // Thousands of small trees are measured at once: fts builds no path objects.
    const std::unique_ptr<FTS, FtsCloser> tree(
        ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr));
    std::uint64_t bytes = 0;
    while (const FTSENT* entry = tree ? ::fts_read(tree.get()) : nullptr) {
        const bool known = entry->fts_info != FTS_DP && entry->fts_info != FTS_NS &&
                           entry->fts_info != FTS_ERR && entry->fts_info != FTS_DNR;
        if (!known) continue;
        // Of a file with several names, removing one frees nothing: each name counts its share.
        const auto names = entry->fts_info == FTS_D
                               ? 1u
                               : std::max(1u, static_cast<unsigned>(entry->fts_statp->st_nlink));
        bytes += static_cast<std::uint64_t>(entry->fts_statp->st_blocks) * 512 / names;
    }
    return bytes;
}

}  // namespace hab::package
