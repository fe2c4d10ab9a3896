// SPDX-License-Identifier: Apache-2.0
// Text forms of bytes: hex and standard base64.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hab {

using Bytes = std::vector<std::byte>;

/// Bytes of a text, without a copy. Valid as long as the text is.
[[nodiscard]] std::span<const std::byte> as_bytes(std::string_view text) noexcept;

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::span<const std::byte> bytes);
/// Strict: even length, hex digits of either case; nothing otherwise.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// Standard alphabet with padding, no line breaks (RFC 4648 section 4).
[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);
/// Strict: padding required, no blanks, no stray bits in the last group; nothing otherwise.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

}  // namespace hab
