// SPDX-License-Identifier: Apache-2.0
#include "ring/codec/trailer.hpp"

#include "base/bytes.hpp"

namespace hab::ring::codec {
namespace {

// Field 1001 and 104 bytes; field 100 and 96 bytes.
constexpr std::string_view trailer_head = "\xca\x3e\x68";
constexpr std::string_view proof_head = "\xa2\x06\x60";

}  // namespace

void begin_trailer(std::string& bytes, const crypto::PublicKey& key, std::uint64_t number) {
    bytes.append(trailer_head);
    bytes.append(reinterpret_cast<const char*>(key.data()), key.size());
    for (unsigned i = 0; i < 8; ++i)
        bytes.push_back(static_cast<char>(number >> (8 * i)));
}

std::optional<SignedMessage> read_trailer(std::string_view bytes) noexcept {
    if (bytes.size() < trailer_size) return std::nullopt;
    const std::string_view trailer = bytes.substr(bytes.size() - trailer_size);
    if (!trailer.starts_with(trailer_head)) return std::nullopt;
    const auto raw = as_bytes(trailer.substr(trailer_head.size())).first<104>();
    std::uint64_t number = 0;
    for (unsigned i = 0; i < 8; ++i)
        number |= std::to_integer<std::uint64_t>(raw[32 + i]) << (8 * i);
    return SignedMessage{bytes.substr(0, bytes.size() - 64), raw.first<32>(), number,
                         raw.last<64>()};
}

void append_rumor_proof(std::string& bytes, std::string_view proof) {
    bytes.append(proof_head).append(proof);
}

std::optional<ProvenRumor> read_rumor_proof(std::string_view bytes) noexcept {
    if (bytes.size() < rumor_proof_size) return std::nullopt;
    const std::string_view tail = bytes.substr(bytes.size() - rumor_proof_size);
    if (!tail.starts_with(proof_head)) return std::nullopt;
    return ProvenRumor{bytes.substr(0, bytes.size() - rumor_proof_size),
                       tail.substr(proof_head.size())};
}

}  // namespace hab::ring::codec
