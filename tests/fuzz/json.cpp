// SPDX-License-Identifier: Apache-2.0
// JSON that is accepted must survive being written and read again.
#include "base/json.hpp"

#include <cstdlib>

#include "base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const hab::Value value = hab::parse_json(text, "fuzz");
        if (hab::to_json(hab::parse_json(hab::to_json(value), "again")) != hab::to_json(value)) {
            std::abort();
        }
    } catch (const hab::Error&) {
    }
    return 0;
}
