// SPDX-License-Identifier: Apache-2.0
// Files of the ring's state: stock's .rst, and our own log and snapshot.
#include <cstdlib>

#include "base/error.hpp"
#include "ring/state/frames.hpp"
#include "ring/state/rst.hpp"

namespace {

using namespace hab::ring;

void rst(std::string_view bytes) {
    try {
        const auto records = read_rst(bytes, "fuzz");
        if (read_rst(write_rst(records), "again") != records) std::abort();
    } catch (const hab::Error& error) {
        if (error.hint().empty()) std::abort();
    }
}

void frames(std::string_view bytes) {
    try {
        const StateFile file = read_frames(bytes, "fuzz");
        if (file.valid > bytes.size()) std::abort();
        (void)latest_only(file.records);
    } catch (const hab::Error& error) {
        if (error.hint().empty()) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    rst(bytes);
    frames(bytes);
    return 0;
}
