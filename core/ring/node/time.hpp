// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace hab::ring {

/// Microseconds on a node's own monotonic clock; only differences mean anything. The state machine
/// never asks for the time: whoever steps it says what time it is.
using Time = std::uint64_t;

inline constexpr Time never = std::numeric_limits<Time>::max();

[[nodiscard]] constexpr Time milliseconds(std::uint64_t count) noexcept {
    return count * 1000;
}
[[nodiscard]] constexpr Time seconds(std::uint64_t count) noexcept {
    return count * 1'000'000;
}

}  // namespace hab::ring
