// SPDX-License-Identifier: Apache-2.0
// Which installed package needs which, over DEPS: for `pkg dependencies`, uninstall and collection.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "package/ident.hpp"
#include "package/installed.hpp"

namespace hab::package {

enum class Direction {
    dependencies,  ///< what it needs
    dependents,    ///< what needs it
};

/// All packages of a store and their direct dependencies, read once: a snapshot, other processes
/// install and remove meanwhile (StoreLock stops them). A dependency that is not installed is a
/// node, too, but not `installed()`. Const calls are thread-safe.
class PackageGraph {
public:
    /// Position in the graph; valid for this graph only. Installed packages come first, sorted by
    /// parts.
    using Node = std::uint32_t;

    struct Entry {
        Ident ident;
        std::vector<Ident> deps;  ///< direct ones, fully qualified
    };
    /// A package whose DEPS cannot be read: what it needs is not known.
    struct Damaged {
        Node node;
        Error error;
    };

    explicit PackageGraph(std::vector<Entry> installed);
    /// Reads TARGET and DEPS of every package in the store. Throws io errors of directories; a
    /// package whose DEPS is broken is in damaged().
    [[nodiscard]] static PackageGraph read(const InstalledPackages& store);

    [[nodiscard]] std::size_t size() const noexcept { return idents_.size(); }
    [[nodiscard]] std::size_t installed_count() const noexcept { return installed_; }
    [[nodiscard]] const Ident& ident(Node node) const { return idents_[node]; }
    [[nodiscard]] bool installed(Node node) const noexcept { return node < installed_; }
    /// Nothing if the package is neither installed nor needed by one that is.
    [[nodiscard]] std::optional<Node> find(const Ident& fully_qualified) const;
    /// Direct neighbours: dependencies in the order of DEPS, dependents sorted by parts.
    [[nodiscard]] std::span<const Node> neighbours(Node node, Direction direction) const;

    /// Everything that can be reached from `start`, without `start` itself, nearest first.
    [[nodiscard]] std::vector<Node> reach(std::span<const Node> start, Direction direction) const;
    /// Neighbours, or everything reachable, of one package as idents in the order above. Throws
    /// not_found if it is not installed.
    [[nodiscard]] std::vector<Ident> related(const Ident& fully_qualified, Direction direction,
                                             bool transitive) const;

    [[nodiscard]] const std::vector<Damaged>& damaged() const noexcept { return damaged_; }
    /// Throws the error of the first damaged package: for those who remove what nothing needs.
    void require_sound() const;

private:
    /// Rows of neighbours, one after the other.
    struct Rows {
        std::vector<std::uint32_t> begin;
        std::vector<Node> nodes;
        [[nodiscard]] std::span<const Node> row(Node node) const;
    };
    [[nodiscard]] const Rows& rows(Direction direction) const noexcept;

    std::vector<Ident> idents_;
    std::size_t installed_ = 0;
    /// Nodes sorted by their ident's text, for find().
    std::vector<Node> by_text_;
    Rows dependencies_;
    Rows dependents_;
    std::vector<Damaged> damaged_;
};

}  // namespace hab::package
