// SPDX-License-Identifier: Apache-2.0
// Private to crypto/: libsodium, initialised.
#pragma once

#include <sodium.h>

#include <cstddef>

#include "base/error.hpp"

namespace hab::crypto {

/// Must be called before the first use of libsodium in every entry point; cheap and thread-safe.
inline void require_sodium() {
    if (::sodium_init() < 0) {
        throw Error(ErrorCode::crypto, "cannot initialise libsodium",
                    "the system's random number generator does not answer");
    }
}

[[nodiscard]] inline const unsigned char* raw(const std::byte* bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes);
}
[[nodiscard]] inline unsigned char* raw(std::byte* bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes);
}

}  // namespace hab::crypto
