// SPDX-License-Identifier: Apache-2.0
// The types baseimage and bare: trees that hold their packages instead of showing the machine's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <hab/studio.hpp>

namespace studio_tree {

/// Whether studios of this type hold copies of their packages.
[[nodiscard]] bool is_image(const std::string& type);

/// Whether the mount shows an installed package at its place below /hab/pkgs.
[[nodiscard]] bool shows_package(const hab::sdk::Mount& mount);

/// Copies the packages among the mounts into the tree and adds what images have: init.sh, the list
/// of packages, names of name servers. For type bare then removes the directories that a bare image
/// lacks. Packages that are there are not copied again.
void fill_image(const std::filesystem::path& root, const std::string& type,
                const std::vector<hab::sdk::Mount>& mounts);

}  // namespace studio_tree
