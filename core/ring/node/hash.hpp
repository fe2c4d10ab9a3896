// SPDX-License-Identifier: Apache-2.0
// Hashes that nodes compare with each other, so they are part of the protocol between our own nodes:
// the same on every machine and in every version.
#pragma once

#include <cstdint>
#include <string_view>

#include "ring/member_id.hpp"

namespace hab::ring {

/// A bijection that spreads every bit over all others (the finalizer of SplitMix64).
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/// FNV-1a over bytes, spread; `seed` chains several pieces.
[[nodiscard]] constexpr std::uint64_t hash_of(std::string_view bytes,
                                              std::uint64_t seed = 0) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325u ^ mix(seed + 0x9e3779b97f4a7c15u);
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return mix(hash);
}

[[nodiscard]] constexpr std::uint64_t hash_of(const MemberId& id, std::uint64_t seed = 0) noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        high = high << 8 | id.bytes[i];
        low = low << 8 | id.bytes[i + 8];
    }
    return mix(high ^ mix(low + 0x9e3779b97f4a7c15u + seed));
}

/// For unordered lookup tables (which are never iterated).
struct MemberIdHash {
    [[nodiscard]] std::size_t operator()(const MemberId& id) const noexcept { return hash_of(id); }
};

}  // namespace hab::ring
