// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "package/archive_module.hpp"

namespace hab::package {

/// See ArchiveModule::pack.
PackResult pack_tree(const fs::path& tree, const std::string& prefix, const PackOptions& options,
                     const ByteSink& sink);

}  // namespace hab::package
