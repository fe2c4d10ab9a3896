// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "ring/node/hash.hpp"

namespace hab::ring {

inline constexpr std::uint32_t shard_count = 64;

/// Rolling hash over all that a node knows, in shards. Two nodes that know the same have the same
/// hashes, however they came to know it. An empty shard is 0.
class StateHash {
public:
    /// Adds or takes away (the same operation) one thing at one version.
    void toggle(std::uint64_t key_hash, std::uint64_t version, std::uint64_t rank) noexcept {
        shards_[shard_of(key_hash)] ^= mix(key_hash ^ mix(version ^ mix(rank + 1)));
    }
    [[nodiscard]] static std::uint32_t shard_of(std::uint64_t key_hash) noexcept {
        return static_cast<std::uint32_t>(key_hash >> 58);
    }
    [[nodiscard]] std::uint64_t shard(std::uint32_t index) const noexcept { return shards_[index]; }
    /// Never 0, so that 0 can say "not said".
    [[nodiscard]] std::uint64_t all() const noexcept {
        std::uint64_t hash = 1;
        for (const std::uint64_t shard : shards_)
            hash = mix(hash ^ shard);
        return hash | 1;
    }

private:
    std::array<std::uint64_t, shard_count> shards_{};
};

}  // namespace hab::ring
