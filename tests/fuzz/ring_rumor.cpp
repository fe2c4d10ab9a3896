// SPDX-License-Identifier: Apache-2.0
// Gossip from strangers: what is accepted must survive being written and read again, and its head
// must be the same as a whole reading's.
#include <cstdlib>

#include "base/error.hpp"
#include "ring/codec/codec.hpp"

namespace {

using namespace hab::ring;

void own(std::string_view bytes) {
    OwnMessage message;
    if (decode_own(bytes, message) != Refusal::none) return;
    const std::string again = encoded(message);
    OwnMessage second;
    if (again.size() <= max_stream_message &&
        (decode_own(again, second) != Refusal::none || !(second == message)))
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    own(bytes);
    Rumor rumor;
    RumorHead head;
    const Refusal head_refusal = decode_rumor_head(bytes, head);
    if (decode_rumor(bytes, rumor) != Refusal::none) return 0;
    if (head_refusal != Refusal::none || head.kind != rumor.kind) std::abort();
    const std::string again = encoded(rumor);
    Rumor second;
    if (decode_rumor(again, second) != Refusal::none || !(second == rumor)) std::abort();
    return 0;
}
