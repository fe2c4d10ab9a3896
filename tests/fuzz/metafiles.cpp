// SPDX-License-Identifier: Apache-2.0
// Every form that metafiles have, from any text: parsed, or refused in one printable sentence.
#include "package/metafiles.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace {

template <typename Parse>
void attempt(Parse parse) {
    try {
        parse();
    } catch (const hab::Error& error) {
        if (error.hint().empty() || !hab::is_utf8(error.message())) std::abort();
        for (const char c : error.message())
            if (static_cast<unsigned char>(c) < ' ') std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace package = hab::package;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    attempt([&] {
        std::string again;
        const auto idents = package::parse_ident_lines(text, "fuzz");
        for (const auto& ident : idents)
            again += ident.to_string() + "\n";
        if (package::parse_ident_lines(again, "again") != idents) std::abort();
    });
    attempt([&] {
        for (const auto& [key, value] : package::parse_key_values(text, "fuzz"))
            if (key.find('=') != key.npos || value.find('\n') != value.npos) std::abort();
    });
    attempt([&] {
        for (const auto& bind : package::parse_binds(text, "fuzz"))
            if (bind.name.find('=') != bind.name.npos) std::abort();
    });
    attempt([&] { (void)package::parse_ports(text, "fuzz"); });
    return 0;
}
