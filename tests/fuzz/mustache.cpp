// SPDX-License-Identifier: Apache-2.0
// Any text as a Mustache template, any text as data: the engine answers or refuses.
//   fuzz_mustache -max_total_time=10 corpus/mustache
#include <cstddef>
#include <cstdint>
#include <hab/template_engine.hpp>
#include <string_view>

#include "engine.hpp"

/// The template up to the first NUL, the data behind it; without NUL, data that every name finds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const hab_host host{};
    const std::string_view input(reinterpret_cast<const char*>(bytes), size);
    const auto nul = input.find('\0');
    const std::string_view text = input.substr(0, nul);
    const std::string_view json = nul == input.npos
                                      ? R"({"a":[{"b":1},{"b":"x"}],"b":{"c":true},"c":"text"})"
                                      : input.substr(nul + 1);
    const hab_kv items[] = {{hab::sdk::to_abi("output-limit"), hab::sdk::to_abi("65536")}};
    mustache_plugin::Engine engine(hab::sdk::Host(&host), hab::sdk::Options(items, 1));
    try {
        const auto data = engine.load(json);
        const auto partial = engine.compile("p", text);
        const auto compiled = engine.compile("t", text);
        engine.render(*compiled, *data, hab::sdk::Sink({nullptr, nullptr}),
                      hab::sdk::Reads(nullptr));
        engine.update(*data, "/a", text);
    } catch (const hab::sdk::Error&) {
        // Refusing is a fine answer; anything else than Error ends the fuzzer.
    }
    return 0;
}
