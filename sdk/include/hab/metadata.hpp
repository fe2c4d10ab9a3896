// SPDX-License-Identifier: Apache-2.0
//
// Builds the text of the `habplug` section at compile time, from the same facts as the descriptor,
// so that the two cannot differ. Format: docs/formats/plugin-metadata.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "options.hpp"

namespace hab::sdk {

/// Facts about a plugin, besides its class. The macros fill the first three.
struct PluginInfo {
    const char* id;
    const char* version;
    const char* summary;
    const char* vendor = nullptr;
    const char* licence = nullptr;
    const char* url = nullptr;
    std::uint32_t thread_model = HAB_THREADS_ONE_PER_INSTANCE;
    std::uint32_t flags = 0;           ///< HAB_PLUGIN_NEEDS_ROOT …
    std::uint32_t min_host_minor = 0;  ///< refuse hosts older than this
};

namespace detail {

[[nodiscard]] constexpr std::string_view kind_word(std::uint32_t kind) noexcept {
    switch (kind) {
        case HAB_KIND_EXPORTER:
            return "exporter";
        case HAB_KIND_STUDIO:
            return "studio";
        case HAB_KIND_TOPOLOGY:
            return "topology";
        case HAB_KIND_TEMPLATE:
            return "template";
        default:
            return "";
    }
}

[[nodiscard]] constexpr std::string_view type_word(std::uint32_t type) noexcept {
    constexpr std::array<std::string_view, 11> words = {
        "", "string", "path", "int", "bool", "size", "duration", "ident", "url", "secret", "list"};
    return type < words.size() ? words[type] : "";
}

[[nodiscard]] constexpr std::string_view thread_word(std::uint32_t model) noexcept {
    switch (model) {
        case HAB_THREADS_ONE_PER_LIBRARY:
            return "library";
        case HAB_THREADS_ONE_PER_INSTANCE:
            return "instance";
        default:
            return "free";
    }
}

/// Counts characters, and writes them if it has somewhere to.
struct MetadataWriter {
    char* out = nullptr;
    std::size_t size = 0;

    constexpr void put(std::string_view text) noexcept {
        for (const char c : text) {
            if (out != nullptr) out[size] = c;
            ++size;
        }
    }
    constexpr void number(std::uint32_t value) noexcept {
        if (value >= 10) number(value / 10);
        const char digit = static_cast<char>('0' + value % 10);
        put({&digit, 1});
    }
    constexpr void pair(std::string_view key, std::string_view value) noexcept {
        put(key);
        put("=");
        put(value);
        put({"\0", 1});
    }
    constexpr void pair_if(std::string_view key, const char* value) noexcept {
        if (value != nullptr) pair(key, value);
    }
    constexpr void number_pair(std::string_view key, std::uint32_t value) noexcept {
        put(key);
        put("=");
        number(value);
        put({"\0", 1});
    }

    /// `key=word,word` for the bits that are set; nothing if none is.
    template <std::size_t N>
    constexpr void flags(std::string_view key, std::uint32_t bits,
                         const std::array<std::string_view, N>& words) noexcept {
        if (bits == 0) return;
        put(key);
        put("=");
        bool first = true;
        for (std::size_t i = 0; i < N; ++i) {
            if ((bits & (1u << i)) == 0) continue;
            if (!first) put(",");
            put(words[i]);
            first = false;
        }
        put({"\0", 1});
    }

    constexpr void option(const Option& option) noexcept {
        pair("option", option.name);
        pair("option.type", type_word(option.type));
        flags<4>("option.flags", option.flags, {"required", "repeatable", "hidden", "per-run"});
        pair_if("option.value", option.value_name);
        pair_if("option.help", option.help);
        pair_if("option.env", option.env);
        pair_if("option.default", option.default_value);
        for (const char* choice : option.choices)
            pair_if("option.choice", choice);
    }
};

template <class OptionList>
constexpr void write_metadata(MetadataWriter& writer, std::uint32_t kind, const PluginInfo& info,
                              const OptionList& options) noexcept {
    writer.put("abi=");
    writer.number(HAB_ABI_MAJOR);
    writer.put(".");
    writer.number(HAB_ABI_MINOR);
    writer.put({"\0", 1});
    writer.pair("kind", kind_word(kind));
    writer.pair("id", info.id);
    writer.pair("version", info.version);
    writer.pair("summary", info.summary);
    writer.pair_if("vendor", info.vendor);
    writer.pair_if("licence", info.licence);
    writer.pair_if("url", info.url);
    writer.pair("threads", thread_word(info.thread_model));
    writer.flags<3>("flags", info.flags, {"needs-root", "needs-network", "long-running"});
    if (info.min_host_minor != 0) writer.number_pair("min_host_minor", info.min_host_minor);
    for (const Option& option : options)
        writer.option(option);
}

template <class OptionList>
[[nodiscard]] constexpr std::size_t metadata_size(std::uint32_t kind, const PluginInfo& info,
                                                  const OptionList& options) noexcept {
    MetadataWriter writer;
    write_metadata(writer, kind, info, options);
    return writer.size;
}

template <std::size_t Size, class OptionList>
[[nodiscard]] constexpr std::array<char, Size> metadata(std::uint32_t kind, const PluginInfo& info,
                                                        const OptionList& options) noexcept {
    std::array<char, Size> text{};
    MetadataWriter writer{text.data(), 0};
    write_metadata(writer, kind, info, options);
    return text;
}

/// Whether a word follows the rule for ids and option names: [a-z0-9][a-z0-9-]{0,31}.
[[nodiscard]] constexpr bool valid_id(std::string_view id) noexcept {
    if (id.empty() || id.size() > 32 || id.front() == '-') return false;
    for (const char c : id) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return true;
}

template <class OptionList>
[[nodiscard]] constexpr bool valid_options(const OptionList& options) noexcept {
    for (const Option& option : options) {
        if (!valid_id(option.name) || type_word(option.type).empty()) return false;
        if (option.choices.back() != nullptr) return false;
    }
    return true;
}

}  // namespace detail
}  // namespace hab::sdk
