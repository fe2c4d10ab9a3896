// SPDX-License-Identifier: Apache-2.0
// Any text as a Mustache template, any text as data: the engine answers or refuses, and what a strict
// engine answers is what the other does.
//   fuzz_mustache -max_total_time=10 corpus/mustache
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <hab/template_engine.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine.hpp"

namespace {

hab_status keep(void* ctx, const void* bytes, std::size_t size) {
    static_cast<std::string*>(ctx)->append(static_cast<const char*>(bytes), size);
    return HAB_STATUS_OK;
}

/// Nothing if the engine refuses; anything else than Error ends the fuzzer.
std::optional<std::string> render(std::string_view text, std::string_view json,
                                  const char* strict) {
    static const hab_host host{};
    const hab_kv items[] = {{hab::sdk::to_abi("output-limit"), hab::sdk::to_abi("65536")},
                            {hab::sdk::to_abi("strict"), hab::sdk::to_abi(strict)}};
    try {
        mustache_plugin::Engine engine(hab::sdk::Host(&host), hab::sdk::Options(items, 2));
        const auto data = engine.load(json);
        const auto partial = engine.compile("p", text);
        const auto compiled = engine.compile("t", text);
        std::string out;
        engine.render(*compiled, *data, hab::sdk::Sink({&out, keep}), hab::sdk::Reads(nullptr));
        engine.update(*data, "/a", text);
        return out;
    } catch (const hab::sdk::Error&) {
        return std::nullopt;
    }
}

}  // namespace

/// The template up to the first NUL, the data behind it; without NUL, data that every name finds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(bytes), size);
    const auto nul = input.find('\0');
    const std::string_view text = input.substr(0, nul);
    const std::string_view json = nul == input.npos
                                      ? R"({"a":[{"b":1},{"b":"x"}],"b":{"c":true},"c":"text"})"
                                      : input.substr(nul + 1);
    const auto lax = render(text, json, "false");
    const auto strict = render(text, json, "true");
    if (lax && strict && *lax != *strict) std::abort();
    return 0;
}
