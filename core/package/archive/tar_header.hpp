// SPDX-License-Identifier: Apache-2.0
// One block of 512 bytes at the head of a tar member. Format: POSIX.1-2017 pax, "ustar Interchange
// Format"; GNU tar manual, "Basic Tar Format".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hab::package {

inline constexpr std::size_t tar_block = 512;

struct TarHeader {
    std::string name;  ///< prefix included, as it is written
    std::string link;
    char type = '0';
    bool v7 = false;  ///< older than ustar: directories are told by a '/' at the end of the name
    std::uint32_t mode = 0;  ///< permission bits
    std::uint64_t size = 0;
    std::int64_t mtime = 0;
};

/// Reads one block. Empty if it is sound, else what is wrong with it.
[[nodiscard]] std::string parse_tar_header(std::span<const std::byte, tar_block> block,
                                           TarHeader& header);

/// Whether all bytes are zero.
[[nodiscard]] bool is_zero(std::span<const std::byte> bytes) noexcept;

/// Whether a file begins with the header of a tar member or with the end of an empty tar.
[[nodiscard]] bool is_tar_start(std::span<const std::byte> start);

}  // namespace hab::package
