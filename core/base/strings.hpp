// SPDX-License-Identifier: Apache-2.0
// Small text functions that several rooms need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hab {

/// Pieces between separators, empty ones included; "" gives one empty piece. Views into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// Without ASCII white space at both ends. A view into `text`.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);
[[nodiscard]] std::string replace_all(std::string_view text, std::string_view from,
                                      std::string_view to);
/// Whole text as an unsigned decimal number, nothing otherwise.
[[nodiscard]] std::optional<std::uint64_t> parse_u64(std::string_view text) noexcept;
/// Whether the bytes are valid UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
/// The candidate nearest to `word` by edit distance, for "did you mean"; nothing if none is near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<const std::string> candidates);
/// Quotes a word for a POSIX shell; plain words stay as they are.
[[nodiscard]] std::string shell_quote(std::string_view word);

}  // namespace hab
