// SPDX-License-Identifier: Apache-2.0
// The end of a service's log.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hab::supervisor::http {

struct TailLine {
    std::string time;  ///< "2026-01-31T12:00:00Z"
    std::string key;   ///< "O", "E", "SR" …
    std::string text;
};

/// The last `most` lines of a log as ServiceLogs writes it, in their order; also from the file before
/// if the current one has just been begun. At most the last 512 KiB of each are looked at. Empty if
/// there is no log. A file that is not ours (a link, one that belongs to the service) is not read:
/// the service could have put it there. Throws io.
[[nodiscard]] std::vector<TailLine> log_tail(const std::filesystem::path& file, std::size_t most);

}  // namespace hab::supervisor::http
