// SPDX-License-Identifier: Apache-2.0
#include "ring/strict.hpp"

#include <algorithm>

#include "crypto/hash.hpp"

namespace hab::ring {

MemberId member_id_of(std::span<const std::byte, 32> key) {
    crypto::Blake2b hash;
    hash.update(key);
    const crypto::Digest digest = hash.finish();
    MemberId id;
    std::transform(digest.begin(), digest.begin() + 16, id.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    return id;
}

}  // namespace hab::ring
