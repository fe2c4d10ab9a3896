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
void visit_members(const ByteSource& source, const std::string& what,
                   const std::function<void(const ArchiveMember&)>& begin, const ByteSink& content);
[[nodiscard]] std::string first_prefix(const ByteSource& source, const std::string& what);

}  // namespace hab::package
