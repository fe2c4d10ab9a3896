// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hab::package {

enum class Compression {
    xz,    ///< default: the only one upstream reads
    zstd,  ///< same envelope around tar.zst
    none   ///< same envelope around tar
};

constexpr int usual_zstd_level = 3;

struct CompressionChoice {
    Compression format = Compression::xz;
    int level = 6;  ///< xz 0..9 (default 6), zstd 1..19 (default 3); none has no levels
};

/// From two words; empty ones mean the default. Throws usage for a word or level that does not exist.
[[nodiscard]] CompressionChoice parse_compression(std::string_view format, std::string_view level);

}  // namespace hab::package
