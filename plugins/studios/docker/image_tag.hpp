// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <hab/studio.hpp>

namespace docker_studio {

/// A name for the content of an image: what is in the studio's directory, apart from `skip` (names
/// of its top level), and which packages are shown. Packages never change, so their identities are
/// enough. Throws HAB_STATUS_IO if a file cannot be read.
[[nodiscard]] std::string image_tag(const std::filesystem::path& root,
                                    const std::vector<std::string>& skip,
                                    const std::vector<hab::sdk::Mount>& mounts);

}  // namespace docker_studio
