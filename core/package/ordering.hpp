// SPDX-License-Identifier: Apache-2.0
// How versions and packages compare. Upstream has three orderings of idents; docs/formats/ident.md.
#pragma once

#include <compare>
#include <optional>
#include <string_view>
#include <vector>

#include "package/ident.hpp"

namespace hab::package {

/// Upstream's version_sort: numeric slots, then extension bytes (none is greater than any). Nothing
/// when a version has no number or a slot that is reached is empty or does not fit 64 bits.
[[nodiscard]] std::optional<std::weak_ordering> compare_versions(std::string_view a,
                                                                 std::string_view b);

/// For sorting packages of different names: name, version, release. A strict weak order on
/// everything: versions that have no number or a bad slot come before all others, ordered as bytes.
/// (Upstream answers "less" whichever side they are on, which no sort can work with.)
[[nodiscard]] std::weak_ordering compare_by_name(const Ident& a, const Ident& b);
/// As compare_by_name, with the origin first: the order of listings.
[[nodiscard]] std::weak_ordering compare_by_parts(const Ident& a, const Ident& b);

void sort_by_parts(std::vector<Ident>& idents);
/// Newest of those that satisfy `wanted`; nothing if none does.
[[nodiscard]] std::optional<Ident> latest_of(const std::vector<Ident>& idents, const Ident& wanted);

}  // namespace hab::package
