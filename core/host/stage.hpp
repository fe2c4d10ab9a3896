// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "host/image.hpp"

namespace hab::host {

/// Writes an image's content below an existing empty directory; `between` is called before each
/// entry and may throw to stop. Owners are set only as root. Throws conflict if the directory is
/// not empty.
void stage_image(const Image& image, const fs::path& dir, std::uint64_t mtime,
                 const std::function<void()>& between);

}  // namespace hab::host
