// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "package/archive_module.hpp"

namespace hab::package {

/// See ArchiveModule.
UnpackResult unpack_tree(const ByteSource& source, const std::string& what,
                         const std::function<int(const std::string& prefix)>& open_root,
                         const UnpackOptions& options);
void scan_files(const ByteSource& source, const std::string& what, ArchiveModule::Scan& scan);
[[nodiscard]] std::string first_member(const ByteSource& source, const std::string& what,
                                       std::size_t parts);

}  // namespace hab::package
