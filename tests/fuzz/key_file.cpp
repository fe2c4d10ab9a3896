// SPDX-License-Identifier: Apache-2.0
// A key that is accepted must survive being written and read again.
#include "crypto/key_file.hpp"

#include <cstdlib>

#include "base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto key = hab::crypto::parse_key(text, "fuzz");
        const auto again =
            hab::crypto::parse_key(hab::crypto::format_key(key.name, key.kind, key.bytes), "again");
        if (again.name != key.name || again.kind != key.kind || again.bytes != key.bytes)
            std::abort();
    } catch (const hab::Error& error) {
        if (error.hint().empty()) std::abort();
    }
    return 0;
}
