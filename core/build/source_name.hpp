// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace hab::build {

/// The cache's file name for a pkg_source whose plan does not give pkg_filename: what follows the
/// last '/', "zlib1g.deb" for deb:zlib1g=1.2, "zlib.tar" for deb-src:zlib, "repo-0123456789ab.tar"
/// for git+https://host/repo.git#0123456789abcdef….
[[nodiscard]] std::string source_file_name(std::string_view source);

}  // namespace hab::build
