// SPDX-License-Identifier: Apache-2.0
// Looking at files in directories that others may write.
#pragma once

#include <filesystem>
#include <string_view>

namespace hab {

/// Whether `path` is a regular file with just this content. Whoever may write the directory can put
/// anything there: its last part is not followed as a link, and neither a FIFO, a lease nor a file
/// of any size holds the caller up. What cannot be read does not hold it; who then replaces it hears
/// why. Any thread.
[[nodiscard]] bool plain_file_holds(const std::filesystem::path& path, std::string_view content);

}  // namespace hab
