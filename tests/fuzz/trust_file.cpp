// SPDX-License-Identifier: Apache-2.0
// A trust file that is accepted must say the same after being written and read again.
#include <cstdlib>

#include "base/error.hpp"
#include "package/origin_trust_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto record = hab::package::parse_trust_file(text, "acme", "fuzz");
        const std::string written = hab::package::format_trust_file(record);
        const auto again = hab::package::parse_trust_file(written, "acme", "again");
        if (again.keys.size() != record.keys.size() || again.pinned() != record.pinned() ||
            hab::package::format_trust_file(again) != written)
            std::abort();
    } catch (const hab::Error& error) {
        if (error.hint().empty()) std::abort();
    }
    return 0;
}
