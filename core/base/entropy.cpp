// SPDX-License-Identifier: Apache-2.0
#include "base/entropy.hpp"

#include <sys/random.h>

#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace hab {

std::uint64_t Entropy::below(std::uint64_t bound) {
    // Rejection keeps the result uniform: the last, incomplete range is thrown away.
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t value = 0;
    do {
        fill(std::as_writable_bytes(std::span(&value, 1)));
    } while (value >= limit);
    return value % bound;
}

std::string Entropy::hex(std::size_t length) {
    std::vector<std::byte> bytes(length);
    fill(bytes);
    return to_hex(bytes);
}

void SystemEntropy::fill(std::span<std::byte> out) {
    while (!out.empty()) {
        const ssize_t n = ::getrandom(out.data(), out.size(), 0);
        if (n < 0) {
            if (errno == EINTR) continue;
            throw Error::from_errno("cannot read random bytes from the kernel");
        }
        out = out.subspan(static_cast<std::size_t>(n));
    }
}

void SeededEntropy::fill(std::span<std::byte> out) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i % 8 == 0) {
            state_ += 0x9e3779b97f4a7c15;
            word = state_;
            word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
            word = (word ^ word >> 27) * 0x94d049bb133111eb;
            word ^= word >> 31;
        }
        out[i] = static_cast<std::byte>(word >> (i % 8 * 8) & 0xff);
    }
}

}  // namespace hab
