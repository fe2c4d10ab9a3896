// SPDX-License-Identifier: Apache-2.0
// The outer wrapper, at a node with a ring key and at one without.
#include <cstdlib>
#include <vector>

#include "ring/seal.hpp"

namespace {

hab::ring::Seal keyed() {
    std::vector<hab::crypto::RingKey> keys;
    keys.emplace_back(hab::crypto::KeyName{"ring", "20260101000000"},
                      hab::crypto::SecretBytes(hab::Bytes(32)));
    return hab::ring::Seal(std::move(keys));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hab::ring;
    static const Seal seal = keyed();
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::string scratch;
    std::string_view payload;
    (void)seal.open(bytes, scratch, payload);
    std::string wrapped;
    seal.wrap(bytes, wrapped);
    const bool opened = size <= max_stream_message;
    if ((seal.open(wrapped, scratch, payload) == Refusal::none) != opened ||
        (opened && payload != bytes))
        std::abort();
    if (Seal().open(bytes, scratch, payload) != Refusal::none) return 0;
    const std::string plain(payload);
    wrapped.clear();
    Seal().wrap(plain, wrapped);
    if (Seal().open(wrapped, scratch, payload) != Refusal::none || payload != plain) std::abort();
    return 0;
}
