// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <hab/plugin.h>

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "plugin/metadata.hpp"

namespace hab::plugin {
namespace {

constexpr std::size_t max_plugins = 64;
constexpr std::size_t max_options = 256;
constexpr std::size_t max_choices = 64;

[[noreturn]] void malformed(std::string_view why) {
    throw Error(ErrorCode::invalid_input, fmt::format("its plugin metadata is malformed: {}", why));
}

bool valid_name(std::string_view name) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !name.empty() && name.size() <= 32 && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), good);
}

std::uint32_t parse_number(std::string_view text, std::string_view key) {
    const auto number = parse_u64(text);
    if (!number || *number > 0xffff) malformed(fmt::format("{} is not a small number", key));
    return static_cast<std::uint32_t>(*number);
}

/// Bits named in a comma-separated list; words of newer hosts are skipped.
template <std::size_t N>
std::uint32_t parse_flags(std::string_view text, const std::array<std::string_view, N>& words) {
    std::uint32_t bits = 0;
    for (const auto word : split(text, ',')) {
        for (std::size_t i = 0; i < N; ++i) {
            if (words[i] == word) bits |= 1u << i;
        }
    }
    return bits;
}

/// Reads the pairs of one section into plugins, one after the other.
class Parser {
public:
    void pair(std::string_view key, std::string_view value) {
        if (key == "abi") {
            begin_plugin(value);
        } else if (plugins_.empty()) {
            malformed("it does not start with abi=");
        } else if (plugins_.back().abi_major == HAB_ABI_MAJOR) {
            known_abi(key, value);
        } else {
            foreign_abi(key, value);
        }
    }

    std::vector<PluginMeta> finish() {
        if (plugins_.empty()) malformed("it is empty");
        finish_plugin();
        return std::move(plugins_);
    }

private:
    void begin_plugin(std::string_view abi) {
        if (!plugins_.empty()) finish_plugin();
        if (plugins_.size() == max_plugins) malformed("it names too many plugins");
        const auto dot = abi.find('.');
        if (dot == std::string_view::npos) malformed("abi= is not MAJOR.MINOR");
        PluginMeta meta;
        meta.abi_major = parse_number(abi.substr(0, dot), "abi=");
        meta.abi_minor = parse_number(abi.substr(dot + 1), "abi=");
        plugins_.push_back(std::move(meta));
        has_kind_ = false;
    }

    void finish_plugin() {
        const PluginMeta& meta = plugins_.back();
        if (meta.abi_major != HAB_ABI_MAJOR) return;
        if (!has_kind_) malformed("a plugin has no kind=");
        if (!valid_name(meta.id)) malformed("a plugin has no valid id=");
        if (meta.version.empty()) malformed(fmt::format("plugin {} has no version=", meta.id));
    }

    void known_abi(std::string_view key, std::string_view value) {
        PluginMeta& meta = plugins_.back();
        if (key == "kind") {
            const auto kind = kind_from_word(value);
            if (!kind) malformed(fmt::format("kind '{}' is unknown", value));
            meta.kind = *kind;
            has_kind_ = true;
        } else if (key == "threads") {
            meta.thread_model = value == "free"       ? ThreadModel::free
                                : value == "instance" ? ThreadModel::one_per_instance
                                                      : ThreadModel::one_per_library;
        } else if (key == "flags") {
            meta.flags = parse_flags<3>(value, {"needs-root", "needs-network", "long-running"});
        } else if (key == "min_host_minor") {
            meta.min_host_minor = parse_number(value, key);
        } else if (key == "option") {
            begin_option(value);
        } else if (key.starts_with("option.")) {
            if (meta.options.empty()) malformed(fmt::format("{} comes before option=", key));
            option_pair(meta.options.back(), key.substr(7), value);
        } else if (auto* text = text_member(meta, key)) {
            *text = value;
        }
    }

    void foreign_abi(std::string_view key, std::string_view value) {
        PluginMeta& meta = plugins_.back();
        if (key == "kind") {
            if (const auto kind = kind_from_word(value)) meta.kind = *kind;
        } else if (auto* text = text_member(meta, key)) {
            *text = value;
        }
    }

    static std::string* text_member(PluginMeta& meta, std::string_view key) {
        if (key == "id") return &meta.id;
        if (key == "version") return &meta.version;
        if (key == "summary") return &meta.summary;
        if (key == "vendor") return &meta.vendor;
        if (key == "licence") return &meta.licence;
        if (key == "url") return &meta.url;
        return nullptr;
    }

    void begin_option(std::string_view name) {
        auto& options = plugins_.back().options;
        if (!valid_name(name)) malformed(fmt::format("'{}' cannot be an option's name", name));
        if (options.size() == max_options) malformed("a plugin has too many options");
        const auto same = [&](const OptionMeta& option) { return option.name == name; };
        if (std::any_of(options.begin(), options.end(), same)) {
            malformed(fmt::format("option {} occurs twice", name));
        }
        OptionMeta option;
        option.name = name;
        options.push_back(std::move(option));
    }

    void option_pair(OptionMeta& option, std::string_view key, std::string_view value) const {
        if (key == "type") {
            option.type = parse_type(option, value);
        } else if (key == "flags") {
            const auto bits =
                parse_flags<4>(value, {"required", "repeatable", "hidden", "per-run"});
            option.required = (bits & HAB_OPTION_REQUIRED) != 0;
            option.repeatable = (bits & HAB_OPTION_REPEATABLE) != 0;
            option.hidden = (bits & HAB_OPTION_HIDDEN) != 0;
            option.per_run = (bits & HAB_OPTION_PER_RUN) != 0;
        } else if (key == "value") {
            option.value_name = value;
        } else if (key == "help") {
            option.help = value;
        } else if (key == "env") {
            option.env = value;
        } else if (key == "default") {
            option.default_value = value;
        } else if (key == "choice") {
            if (option.choices.size() == max_choices) malformed("an option has too many choices");
            option.choices.emplace_back(value);
        }
    }

    /// Types of a newer minor version are shown and passed on as plain text.
    OptionType parse_type(const OptionMeta& option, std::string_view word) const {
        for (std::uint32_t i = HAB_OPTION_STRING; i <= HAB_OPTION_LIST; ++i) {
            if (to_string(static_cast<OptionType>(i)) == word) return static_cast<OptionType>(i);
        }
        if (plugins_.back().abi_minor > HAB_ABI_MINOR) return OptionType::string;
        malformed(fmt::format("option {} has unknown type '{}'", option.name, word));
    }

    std::vector<PluginMeta> plugins_;
    bool has_kind_ = false;
};

/// Text that goes to terminals must not carry control sequences.
bool printable(std::string_view text) {
    return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

}  // namespace

std::vector<PluginMeta> parse_metadata(std::string_view section) {
    Parser parser;
    while (!section.empty()) {
        const auto end = section.find('\0');
        if (end == std::string_view::npos) malformed("its last line does not end");
        const auto line = section.substr(0, end);
        section.remove_prefix(end + 1);
        if (line.empty()) continue;  // padding between groups
        const auto equals = line.find('=');
        if (!printable(line)) malformed("it contains unprintable characters");
        if (equals == std::string_view::npos) malformed(fmt::format("'{}' is not a pair", line));
        parser.pair(line.substr(0, equals), line.substr(equals + 1));
    }
    return parser.finish();
}

}  // namespace hab::plugin
