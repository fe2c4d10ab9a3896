// SPDX-License-Identifier: Apache-2.0
// Datagrams from strangers: what is accepted must survive being written and read again.
#include <cstdlib>

#include "base/error.hpp"
#include "ring/codec/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hab::ring;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Swim swim;
    if (decode_swim(bytes, swim) != Refusal::none) return 0;
    const std::string again = encoded(swim);
    // Fields that were absent are written, so that it may have grown beyond a datagram.
    Swim second;
    if (again.size() <= max_datagram &&
        (decode_swim(again, second) != Refusal::none || !(second == swim)))
        std::abort();
    return 0;
}
