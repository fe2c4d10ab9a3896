// SPDX-License-Identifier: Apache-2.0
// Text forms of sizes and durations as users type them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hab::plugin {

/// "64K", "10M", "2G", "1T", "512", "10MiB": bytes; units are powers of 1024. Nothing if malformed
/// or above 2^63-1.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;

/// "250ms", "5s", "2m", "1h", "1d": milliseconds. A unit is required. Nothing if malformed or too
/// long.
[[nodiscard]] std::optional<std::uint64_t> parse_duration_ms(std::string_view text) noexcept;

}  // namespace hab::plugin
