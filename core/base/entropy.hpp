// SPDX-License-Identifier: Apache-2.0
// Randomness as a seam. Keys and nonces come from libsodium in crypto/; this is for jitter and names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hab {

class Entropy {
public:
    virtual ~Entropy() = default;
    virtual void fill(std::span<std::byte> out) = 0;
    /// Uniform in [0, bound); bound must not be 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    /// `length` random bytes as lower-case hex (2 * length characters).
    [[nodiscard]] std::string hex(std::size_t length);
};

/// The kernel's generator (getrandom). Thread-safe.
class SystemEntropy final : public Entropy {
public:
    void fill(std::span<std::byte> out) override;
};

/// A reproducible stream for tests and simulations (SplitMix64). Not thread-safe.
class SeededEntropy final : public Entropy {
public:
    explicit SeededEntropy(std::uint64_t seed) noexcept : state_(seed) {}
    void fill(std::span<std::byte> out) override;

private:
    std::uint64_t state_;
};

}  // namespace hab
