// SPDX-License-Identifier: Apache-2.0
#include "package/compression.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "package/printable.hpp"

namespace hab::package {
namespace {

struct Known {
    std::string_view word;
    Compression format;
    std::uint64_t lowest;
    std::uint64_t highest;
    int usual;
};
constexpr std::array known = {Known{"xz", Compression::xz, 0, 9, 6},
                              Known{"zstd", Compression::zstd, 1, 19, usual_zstd_level},
                              Known{"none", Compression::none, 0, 0, 0}};

const Known& find(std::string_view word) {
    for (const Known& candidate : known) {
        if (candidate.word == word) return candidate;
    }
    throw Error(ErrorCode::usage,
                fmt::format("'{}' is no compression that hab writes", printable(word)),
                "set --compression or HAB_HART_COMPRESSION to xz, which every Habitat reads, zstd, "
                "which is "
                "much faster, or none");
}

}  // namespace

CompressionChoice parse_compression(std::string_view format, std::string_view level) {
    const Known& chosen = find(format.empty() ? "xz" : format);
    if (level.empty()) return {chosen.format, chosen.usual};
    const auto number = parse_u64(level);
    if (number && *number >= chosen.lowest && *number <= chosen.highest) {
        return {chosen.format, static_cast<int>(*number)};
    }
    throw Error(
        ErrorCode::usage,
        fmt::format("{} has no compression level '{}'", chosen.word, printable(level)),
        "set --compression-level or HAB_HART_COMPRESSION_LEVEL to 0 to 9 for xz, 1 to 19 for "
        "zstd, 0 for none");
}

}  // namespace hab::package
