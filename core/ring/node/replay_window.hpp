// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace hab::ring {

/// Which of a sender's numbers were seen. Numbers go up, and may overtake each other by up to
/// `width`; what is older counts as seen.
class ReplayWindow {
public:
    static constexpr std::uint64_t width = 1024;

    [[nodiscard]] bool seen(std::uint64_t number) const noexcept {
        if (number > highest_) return false;
        return highest_ - number >= width || bit(number);
    }
    void note(std::uint64_t number) noexcept {
        if (number > highest_) {
            // What comes into the window was not seen yet.
            const std::uint64_t by = number - highest_;
            if (by >= width) {
                bits_ = {};
            } else {
                for (std::uint64_t i = highest_ + 1; i <= number; ++i)
                    word(i) &= ~mask(i);
            }
            highest_ = number;
        }
        if (highest_ - number < width) word(number) |= mask(number);
    }
    /// Begins anew: the sender proved that this number is its current one. What is lower counts as
    /// seen: it may be of a former life.
    void restart(std::uint64_t number) noexcept {
        bits_.fill(~std::uint64_t{0});
        highest_ = number;
    }
    [[nodiscard]] std::uint64_t highest() const noexcept { return highest_; }

private:
    [[nodiscard]] static std::uint64_t mask(std::uint64_t number) noexcept {
        return std::uint64_t{1} << (number & 63);
    }
    [[nodiscard]] std::uint64_t& word(std::uint64_t number) noexcept {
        return bits_[(number / 64) % bits_.size()];
    }
    [[nodiscard]] bool bit(std::uint64_t number) const noexcept {
        return (bits_[(number / 64) % bits_.size()] & mask(number)) != 0;
    }

    std::uint64_t highest_ = 0;
    std::array<std::uint64_t, width / 64> bits_{};
};

}  // namespace hab::ring
