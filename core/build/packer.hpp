// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "build/interrupts.hpp"
#include "build/package_files.hpp"
#include "crypto/key_cache.hpp"
#include "package/compression.hpp"

namespace hab::build {

/// Completes the tree of a package (metafiles, FILES, MANIFEST) and packs it, signed with the
/// newest key of its origin, into `artifacts`. The TARGET metafile, which makes a tree count as
/// installed, is written last, so that a killed native build never looks like a package.
/// `facts.pkg_config_dirs`, `has_run_script` and `default_toml` are filled in here from the tree.
/// Returns the artifact.
fs::path pack_package(PackageFacts facts, const fs::path& tree, const crypto::KeyCache& keys,
                      const fs::path& artifacts, const package::CompressionChoice& compression,
                      Interrupts& interrupts);

/// The directory of a package below `pkgs`, checked to be reached through real directories only:
/// what runs in a studio may have put links there. Throws invalid_input.
[[nodiscard]] fs::path checked_tree(const fs::path& pkgs, const package::Ident& ident);

}  // namespace hab::build
