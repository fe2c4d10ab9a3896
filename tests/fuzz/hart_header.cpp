// SPDX-License-Identifier: Apache-2.0
// A header that is accepted must be found again, with the same length, in front of any payload.
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "package/artifact.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        const auto header = hab::package::parse_artifact_header(text, "fuzz");
        if (header.length > size) std::abort();
        const std::string alone = text.substr(0, header.length);
        if (hab::package::parse_artifact_header(alone + "payload", "again").key != header.key) {
            std::abort();
        }
    } catch (const hab::Error& error) {
        if (error.hint().empty()) std::abort();
    }
    return 0;
}
