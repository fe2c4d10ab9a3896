// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/ring_key.hpp"
#include "ring/codec/codec.hpp"

namespace hab::ring {

/// Puts payloads into the outer wrapper and takes them out, with the ring's keys or, in a ring
/// without, in the clear. Two keys may live at once, so that a ring changes its key without a day on
/// which all of it stands still: first every member learns the new key as its second one, then each
/// in its own time makes it the first, then the old one is taken away. Thread-safe when const.
class Seal {
public:
    /// A ring without a key.
    Seal() = default;
    /// The first key seals; each opens. Throws usage for more than two or two of the same name.
    explicit Seal(std::vector<crypto::RingKey> keys);

    [[nodiscard]] bool keyed() const noexcept { return !keys_.empty(); }
    [[nodiscard]] const std::vector<crypto::RingKey>& keys() const noexcept { return keys_; }

    /// The payload of a datagram or stream message: a view into `bytes` or, if it was sealed, into
    /// `scratch`, which is overwritten. As stock does, a keyed node never looks at the flag, and one
    /// without a key takes the payload as it is.
    [[nodiscard]] Refusal open(std::string_view bytes, std::string& scratch,
                               std::string_view& payload) const;

    /// Appends the wrapped payload, sealed under a fresh nonce if the ring has a key.
    void wrap(std::string_view payload, std::string& out) const;
    /// As wrap, for tests: a nonce must never serve twice.
    void wrap_with(std::string_view payload, const crypto::RingNonce& nonce,
                   std::string& out) const;

private:
    std::vector<crypto::RingKey> keys_;
};

}  // namespace hab::ring
