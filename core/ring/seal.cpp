// SPDX-License-Identifier: Apache-2.0
#include "ring/seal.hpp"

#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace hab::ring {

Seal::Seal(std::vector<crypto::RingKey> keys) : keys_(std::move(keys)) {
    if (keys_.size() > 2) {
        throw Error(ErrorCode::usage, "a ring cannot have more than two keys at a time",
                    "take the oldest key away first");
    }
    if (keys_.size() == 2 && keys_[0].name() == keys_[1].name()) {
        throw Error(ErrorCode::usage,
                    "the ring's two keys are the same one: '" + keys_[0].name().to_string() + "'");
    }
}

Refusal Seal::open(std::string_view bytes, std::string& scratch, std::string_view& payload) const {
    Wire wire;
    if (const Refusal refusal = decode_wire(bytes, wire); refusal != Refusal::none) return refusal;
    payload = wire.payload;
    if (!keyed()) return Refusal::none;
    const auto nonce = as_bytes(wire.nonce);
    if (nonce.size() != std::tuple_size_v<crypto::RingNonce>) return Refusal::bad_nonce;
    for (const crypto::RingKey& key : keys_) {
        if (!key.open(wire.payload, nonce.first<24>(), scratch)) continue;
        payload = scratch;
        return Refusal::none;
    }
    return Refusal::not_authentic;
}

void Seal::wrap(std::string_view payload, std::string& out) const {
    if (keyed()) {
        wrap_with(payload, crypto::random_ring_nonce(), out);
    } else {
        encode(Wire{.encrypted = false, .nonce = {}, .payload = payload}, out);
    }
}

void Seal::wrap_with(std::string_view payload, const crypto::RingNonce& nonce,
                     std::string& out) const {
    std::string sealed;
    keys_.at(0).seal(payload, nonce, sealed);
    const std::string_view nonce_text(reinterpret_cast<const char*>(nonce.data()), nonce.size());
    encode(Wire{.encrypted = true, .nonce = nonce_text, .payload = sealed}, out);
}

}  // namespace hab::ring
