// SPDX-License-Identifier: Apache-2.0
// The independent judge of what a cut left behind. Knows nothing of the code that it judges.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "support/tree_image.hpp"

namespace hab::test {

using PathTest = std::function<bool(const std::string&)>;

/// A name, or a directory above it, begins with a dot.
[[nodiscard]] bool is_hidden(const std::string& path);

/// Names of packages in an image of /hab: "origin/name/version/release" for every directory at that
/// depth that is not hidden.
[[nodiscard]] std::set<std::string> packages_in(const TreeImage& hab);

/// What is wrong with `cut` as a state between `old` and `fresh` (images of /hab), one sentence each:
/// a package that is not whole; a package without one that it needs; a file that is neither the old
/// nor the new one; a file that both have and `cut` has not. Hidden names are no part of a state.
/// `free`: paths that may be in any state.
[[nodiscard]] std::vector<std::string> wrong_between(const TreeImage& old, const TreeImage& fresh,
                                                     const TreeImage& cut,
                                                     const PathTest& free = {});

/// Times of use in the trust store made equal, so that two runs can be compared.
[[nodiscard]] TreeImage without_times(TreeImage hab);

}  // namespace hab::test
