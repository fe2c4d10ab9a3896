// SPDX-License-Identifier: Apache-2.0
// What distinguishes two packages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "package/listing.hpp"

namespace hab::package {

struct FileDifference {
    std::string path;
    std::optional<ListedFile> before;  ///< nothing: it was added
    std::optional<ListedFile> after;   ///< nothing: it was removed
};

struct MetaDifference {
    std::string name;
    std::string before;  ///< empty: the file was not there
    std::string after;
};

struct IdentDifference {
    std::vector<Ident> removed;
    std::vector<Ident> added;
};

struct PackageDiff {
    Ident before;
    Ident after;
    std::vector<FileDifference> files;  ///< sorted by path; not the metafiles
    IdentDifference deps;
    IdentDifference tdeps;
    /// Other metafiles, sorted by name. IDENT, FILES and MANIFEST are left out: between two builds
    /// they always differ.
    std::vector<MetaDifference> meta;
    std::uint64_t size_before = 0;  ///< of all regular files
    std::uint64_t size_after = 0;

    /// Whether nothing but the identity differs.
    [[nodiscard]] bool same() const noexcept;
};

/// Throws invalid_input if DEPS or TDEPS of one of them is malformed.
[[nodiscard]] PackageDiff diff(const Listing& before, const Listing& after);

}  // namespace hab::package
