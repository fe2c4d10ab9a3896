// SPDX-License-Identifier: Apache-2.0
// Idents and versions: what parses prints as it was, is a safe path, and orders consistently.
#include "package/ident.hpp"

#include <cstdlib>

#include "base/files.hpp"
#include "package/ordering.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using hab::package::Ident;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto ident = Ident::try_parse(text)) {
        if (ident->to_string() != text) std::abort();
        (void)hab::safe_join("/", ident->relative_path());
    }
    const std::size_t middle = size / 2;
    const Ident a{"o", "n", std::string(text.substr(0, middle)), "1"};
    const Ident b{"o", "n", std::string(text.substr(middle)), "1"};
    const auto forth = hab::package::compare_by_parts(a, b);
    const auto back = hab::package::compare_by_parts(b, a);
    if ((forth < 0) != (back > 0) || (forth == 0) != (back == 0)) std::abort();
    return 0;
}
