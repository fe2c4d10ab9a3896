// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "ring/node/hash.hpp"

namespace hab::ring::sim {

/// A hash over everything that happened, in order: equal exactly when two runs were the same.
class EventHash {
public:
    void add(std::uint64_t value) noexcept { hash_ = mix(hash_ ^ value) + 0x9e3779b97f4a7c15u; }
    void add(std::string_view bytes) noexcept {
        while (bytes.size() >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data(), 8);
            hash_ = (hash_ ^ word) * 0x9e3779b97f4a7c15u;
            hash_ ^= hash_ >> 32;
            bytes.remove_prefix(8);
        }
        std::uint64_t rest = bytes.size();
        for (const char c : bytes)
            rest = rest << 8 | static_cast<unsigned char>(c);
        add(rest);
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return hash_; }

private:
    std::uint64_t hash_ = 0;
};

}  // namespace hab::ring::sim
