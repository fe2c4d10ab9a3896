// SPDX-License-Identifier: Apache-2.0
// Any text as a template, any text as data: the engine answers or refuses, within its limits.
//   hab_fuzz_handlebars -max_total_time=10 corpus/handlebars
#include <cstddef>
#include <cstdint>
#include <hab/template_engine.hpp>
#include <string_view>

#include "engine.hpp"

namespace {

void ignore_log(const hab_host*, std::uint32_t, hab_str, hab_str) {}

const hab_host& silent_host() {
    static const hab_host host = [] {
        hab_host made{};
        made.struct_size = sizeof made;
        made.log = &ignore_log;
        return made;
    }();
    return host;
}

hab_status ignore_reference(void*, const hab_template_reference*) {
    return HAB_STATUS_OK;
}

void try_mode(std::string_view mode, std::string_view strict, std::string_view text,
              std::string_view json) {
    const hab_kv items[] = {{hab::sdk::to_abi("mode"), hab::sdk::to_abi(mode)},
                            {hab::sdk::to_abi("strict"), hab::sdk::to_abi(strict)},
                            {hab::sdk::to_abi("output-limit"), hab::sdk::to_abi("65536")}};
    const hab::sdk::Options options(items, 3);
    const hab_references_sink references{sizeof references, nullptr, &ignore_reference};
    handlebars::Engine engine(hab::sdk::Host(&silent_host()), options);
    try {
        const auto data = engine.load(json);
        // The template is also a partial of itself, under a name that short inputs hit.
        const auto partial = engine.compile("p", text);
        const auto compiled = engine.compile("t", text);
        engine.inspect(*compiled, hab::sdk::References(&references));
        engine.render(*compiled, *data, hab::sdk::Sink({nullptr, nullptr}),
                      hab::sdk::Reads(nullptr));
        engine.update(*data, "/a", text);
    } catch (const hab::sdk::Error&) {
        // Refusing is a fine answer; anything else than Error ends the fuzzer.
    }
}

}  // namespace

/// The template up to the first NUL, the data behind it; without NUL, data that every path finds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(bytes), size);
    const auto nul = input.find('\0');
    const std::string_view text = input.substr(0, nul);
    const std::string_view json = nul == input.npos
                                      ? R"({"a":[{"b":1},{"b":"x"}],"b":{"c":true},"c":"text"})"
                                      : input.substr(nul + 1);
    try_mode("modern", "false", text, json);
    try_mode("classic", "true", text, json);
    return 0;
}
