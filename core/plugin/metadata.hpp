// SPDX-License-Identifier: Apache-2.0
// What a plugin says about itself without being loaded: the `habplug` section, parsed.
// Format: docs/formats/plugin-metadata.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace hab::plugin {

enum class Kind : std::uint32_t { exporter = 1, studio = 2, topology = 3, template_engine = 4 };
/// "exporter", "studio", "topology", "template".
[[nodiscard]] std::string_view to_string(Kind kind) noexcept;
[[nodiscard]] std::optional<Kind> kind_from_word(std::string_view word) noexcept;

enum class OptionType : std::uint32_t {
    string = 1,
    path,
    integer,
    boolean,
    size,
    duration,
    ident,
    url,
    secret,
    list
};
[[nodiscard]] std::string_view to_string(OptionType type) noexcept;

/// One option a plugin declares. Empty text means "none"; default and choices are as the user types
/// them.
struct OptionMeta {
    std::string name;
    OptionType type = OptionType::string;
    bool required = false;
    bool repeatable = false;
    bool hidden = false;
    bool per_run = false;  ///< handed to each run, not to create
    std::string value_name;
    std::string help;
    std::string env;
    std::optional<std::string> default_value;
    std::vector<std::string> choices;

    bool operator==(const OptionMeta&) const = default;
};

enum class ThreadModel : std::uint32_t { one_per_library = 0, one_per_instance = 1, free = 2 };
/// "library", "instance", "free".
[[nodiscard]] std::string_view to_string(ThreadModel model) noexcept;

struct PluginMeta {
    std::uint32_t abi_major = 0;
    std::uint32_t abi_minor = 0;
    Kind kind = Kind::exporter;
    std::string id;
    std::string version;
    std::string summary;
    std::string vendor;
    std::string licence;
    std::string url;
    ThreadModel thread_model = ThreadModel::one_per_library;
    std::uint32_t flags = 0;  ///< HAB_PLUGIN_NEEDS_ROOT …
    std::uint32_t min_host_minor = 0;
    std::vector<OptionMeta> options;

    /// "exporter tar": how errors and logs name it.
    [[nodiscard]] std::string label() const;
};

/// Parses the bytes of one section. Groups may come in any order; unknown keys are skipped, so that
/// newer plugins can be listed. Groups with another ABI major are returned with abi_major, and kind
/// and id as far as they are known. Throws invalid_input with one sentence for text that breaks the
/// format.
[[nodiscard]] std::vector<PluginMeta> parse_metadata(std::string_view section);

}  // namespace hab::plugin
