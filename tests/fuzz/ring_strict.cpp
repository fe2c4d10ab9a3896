// SPDX-License-Identifier: Apache-2.0
// Bytes for a node of a strict ring, from somebody who can sign nothing: whatever they are, it
// believes none of it, and answers nothing.
#include <array>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "ring/codec/trailer.hpp"
#include "ring/node/ring_node.hpp"

namespace {

using namespace hab::ring;

hab::crypto::Identity identity(unsigned char number) {
    std::array<std::byte, 32> seed{};
    seed[0] = std::byte{number};
    return hab::crypto::Identity::from_seed("fuzz", seed);
}

NodeConfig strict_config() {
    NodeConfig config;
    StrictRing ring{"ring", identity(1), {identity(2).public_key()}, {}, 1};
    config.id = ring.id();
    config.advertised = IpAddress::v4(10, 0, 0, 1);
    config.strict = std::make_shared<const StrictRing>(std::move(ring));
    return config;
}

void check_trailers(std::string_view bytes) {
    if (const auto trailer = codec::read_trailer(bytes);
        trailer && trailer->body.size() + trailer->signature.size() != bytes.size())
        std::abort();
    if (const auto proof = codec::read_rumor_proof(bytes);
        proof && proof->body.size() + codec::rumor_proof_size != bytes.size())
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    check_trailers(bytes);
    MemberBook book;
    RingNode node(strict_config(), book);
    Outputs outputs;
    node.step(1, Wake{}, outputs);
    const std::uint64_t before = node.state_hash();
    outputs.clear();
    const Endpoint from{IpAddress::v4(10, 0, 0, 9), 9638};
    std::string own;
    switch (data[0] % 3) {
        case 0:
            node.step(2, Datagram{from, bytes}, outputs);
            break;
        case 1:
            node.step(2, StreamMessage{from, bytes}, outputs);
            break;
        default: {
            OwnMessage message;
            message.from.bytes[0] = 1;
            message.rumors.push_back(bytes);
            own = encoded(message);
            node.step(2, StreamMessage{from, own}, outputs);
        }
    }
    if (node.state_hash() != before || node.incarnation() != 0) std::abort();
    for (const Output& output : outputs)
        if (!std::holds_alternative<Event>(output)) std::abort();
    return 0;
}
