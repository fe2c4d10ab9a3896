// SPDX-License-Identifier: Apache-2.0
// The lines of a service's log files, oldest first.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hab::cli {

/// What of a log is wanted.
struct LogWindow {
    std::optional<WallTime> since;
    std::optional<std::size_t> lines;  ///< only the last ones
};

/// "2026-01-31T12:00:00Z", or "30s", "10m", "2h", "7d" before `now`. Throws Error(usage).
[[nodiscard]] WallTime read_since(std::string_view text, WallTime now);

/// The lines of FILE.N … FILE.1 FILE that the window lets through, with their line ends. Throws
/// not_found if there is no FILE and none before it, denied if they may not be read.
[[nodiscard]] std::string log_lines(const std::filesystem::path& file, const LogWindow& window);

}  // namespace hab::cli
