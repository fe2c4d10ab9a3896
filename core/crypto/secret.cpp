// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include "crypto/sodium.hpp"

namespace hab::crypto {

void wipe(std::span<std::byte> bytes) noexcept {
    if (!bytes.empty()) ::sodium_memzero(bytes.data(), bytes.size());
}

}  // namespace hab::crypto
