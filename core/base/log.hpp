// SPDX-License-Identifier: Apache-2.0
// Diagnostics. spdlog is behind this header and appears nowhere else.
#pragma once

#include <fmt/format.h>

#include <string_view>

namespace hab::log {

enum class Level { trace, debug, info, warn, error, off };

/// Lowest level that is written; default warn, or what HAB_LOG (trace|debug|info|warn|error|off) says.
void set_level(Level level) noexcept;
[[nodiscard]] bool enabled(Level level) noexcept;
/// One line on stderr: "<time> <level> <target>: <message>". Thread-safe, never throws.
void write(Level level, std::string_view target, std::string_view message) noexcept;

/// Formats only when the level is enabled.
template <typename... Args>
void debug(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::debug)) {
        write(Level::debug, target, fmt::format(format, std::forward<Args>(args)...));
    }
}
template <typename... Args>
void info(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::info)) {
        write(Level::info, target, fmt::format(format, std::forward<Args>(args)...));
    }
}
template <typename... Args>
void warn(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::warn)) {
        write(Level::warn, target, fmt::format(format, std::forward<Args>(args)...));
    }
}
template <typename... Args>
void error(std::string_view target, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::error)) {
        write(Level::error, target, fmt::format(format, std::forward<Args>(args)...));
    }
}

}  // namespace hab::log
