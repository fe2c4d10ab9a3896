// SPDX-License-Identifier: Apache-2.0
#include "package/archive/tar_header.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace hab::package {
namespace {

struct Field {
    std::size_t at;
    std::size_t length;
};
constexpr Field name_field{0, 100};
constexpr Field mode_field{100, 8};
constexpr Field size_field{124, 12};
constexpr Field mtime_field{136, 12};
constexpr Field checksum_field{148, 8};
constexpr std::size_t type_at = 156;
constexpr Field link_field{157, 100};
constexpr Field magic_field{257, 8};
constexpr Field prefix_field{345, 155};
constexpr std::string_view gnu_magic("ustar  \0", 8);
constexpr std::uint32_t permission_bits = 07777;

std::string_view bytes_of(std::span<const std::byte, tar_block> block, Field field) {
    return {reinterpret_cast<const char*>(block.data()) + field.at, field.length};
}

/// A field of text ends at its first NUL.
std::string_view text_of(std::span<const std::byte, tar_block> block, Field field) {
    const auto text = bytes_of(block, field);
    return text.substr(0, text.find('\0'));
}

/// GNU's form for numbers that octal digits do not hold: the first byte is 0x80 (0xff for negative
/// ones), the others are big-endian.
std::optional<std::int64_t> base_256(std::string_view text) {
    const bool negative = static_cast<unsigned char>(text[0]) == 0xff;
    if (!negative && static_cast<unsigned char>(text[0]) != 0x80) return std::nullopt;
    std::uint64_t value = negative ? UINT64_MAX : 0;
    for (const char c : text.substr(1)) {
        if ((value >> 56) != (negative ? 0xffu : 0u)) return std::nullopt;
        value = (value << 8) | static_cast<unsigned char>(c);
    }
    const auto number = static_cast<std::int64_t>(value);
    if ((number < 0) != negative) return std::nullopt;
    return number;
}

/// Octal digits, blanks before them, NUL or blanks after them; nothing at all is zero.
std::optional<std::int64_t> number_of(std::string_view text) {
    if ((static_cast<unsigned char>(text[0]) & 0x80u) != 0) return base_256(text);
    std::size_t i = 0;
    while (i < text.size() && text[i] == ' ')
        ++i;
    std::uint64_t value = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '7'; ++i)
        value = value * 8 + static_cast<std::uint64_t>(text[i] - '0');
    for (; i < text.size(); ++i) {
        if (text[i] != '\0' && text[i] != ' ') return std::nullopt;
    }
    return static_cast<std::int64_t>(value);  // twelve octal digits always fit
}

bool checksum_is_good(std::span<const std::byte, tar_block> block) {
    const auto said = number_of(bytes_of(block, checksum_field));
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const bool blank = i >= checksum_field.at && i < checksum_field.at + checksum_field.length;
        sum += blank ? ' ' : std::to_integer<int>(block[i]);
    }
    return said == sum;
}

}  // namespace

bool is_zero(std::span<const std::byte> bytes) noexcept {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{}; });
}

bool is_tar_start(std::span<const std::byte> start) {
    if (start.size() < tar_block) return false;
    const auto block = start.first<tar_block>();
    return checksum_is_good(block) || is_zero(block);
}

std::string parse_tar_header(std::span<const std::byte, tar_block> block, TarHeader& header) {
    if (!checksum_is_good(block)) return "the checksum of a member's header is wrong";
    const auto mode = number_of(bytes_of(block, mode_field));
    const auto size = number_of(bytes_of(block, size_field));
    const auto mtime = number_of(bytes_of(block, mtime_field));
    if (!mode || !size || !mtime) return "a member's header has a number that is none";
    if (*size < 0) return "a member has a negative size";
    const auto magic = bytes_of(block, magic_field);
    header.v7 = !magic.starts_with("ustar");
    header.name = text_of(block, name_field);
    if (!header.v7 && magic != gnu_magic) {  // GNU keeps other things where ustar has the prefix
        const auto prefix = text_of(block, prefix_field);
        if (!prefix.empty()) header.name = std::string(prefix) + "/" + header.name;
    }
    header.link = text_of(block, link_field);
    header.type = static_cast<char>(block[type_at]);
    header.mode = static_cast<std::uint32_t>(*mode) & permission_bits;
    header.size = static_cast<std::uint64_t>(*size);
    header.mtime = *mtime;
    return {};
}

}  // namespace hab::package
