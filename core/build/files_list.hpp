// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/files.hpp"

namespace hab::build {

/// Payload of the FILES metafile: "<blake2b-256 hex>  <absolute path>" for each regular file of the
/// tree, sorted by path, with `prefix` in place of the tree's own directory. `pending` are files of
/// the top directory (name, content) that count although they are not written yet.
[[nodiscard]] std::string files_list(const fs::path& tree, const std::string& prefix,
                                     const std::map<std::string, std::string>& pending);

}  // namespace hab::build
