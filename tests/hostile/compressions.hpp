// SPDX-License-Identifier: Apache-2.0
// Compressed bytes for the archives of the corpus.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hab::hostile {

/// xz, lzma, lzip (liblzma), zstd, gzip, bzip2, lz4, compress (libarchive); throws for other words.
[[nodiscard]] std::string compress(std::string_view format, const std::string& bytes);
/// As above for `head`, then `zeros` zero bytes, then `tail`: never in memory as a whole.
[[nodiscard]] std::string compress_bomb(std::string_view format, const std::string& head,
                                        std::uint64_t zeros, const std::string& tail);

}  // namespace hab::hostile
