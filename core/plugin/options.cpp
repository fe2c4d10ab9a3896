// SPDX-License-Identifier: Apache-2.0
#include "plugin/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "base/strings.hpp"
#include "plugin/option_values.hpp"

namespace hab::plugin {
namespace {

/// Secrets are never shown, not even in the error that refuses them.
[[noreturn]] void refuse(const OptionMeta& option, std::string_view value, std::string_view why,
                         std::string hint = {}) {
    const bool secret = option.type == OptionType::secret;
    throw Error(ErrorCode::usage,
                fmt::format("option --{} cannot be {}: {}", option.name,
                            secret ? "used" : fmt::format("'{}'", value), why),
                std::move(hint));
}

std::string integer(const OptionMeta& option, std::string_view value) {
    std::int64_t number = 0;
    const auto* end = value.data() + value.size();
    const auto done = std::from_chars(value.data(), end, number);
    if (done.ec != std::errc{} || done.ptr != end)
        refuse(option, value, "it is not a whole number");
    return std::to_string(number);
}

std::string boolean(const OptionMeta& option, std::string_view value) {
    const auto word = to_lower(value);
    for (const auto* yes : {"true", "yes", "on", "1"}) {
        if (word == yes) return "true";
    }
    for (const auto* no : {"false", "no", "off", "0"}) {
        if (word == no) return "false";
    }
    refuse(option, value, "it is neither true nor false");
}

std::string ident(const OptionMeta& option, std::string_view value) {
    const auto parts = split(value, '/');
    const auto good = [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   std::string_view("-_.+~:").find(c) != std::string_view::npos;
        });
    };
    if (parts.size() < 2 || parts.size() > 4 || !std::all_of(parts.begin(), parts.end(), good)) {
        refuse(option, value, "it is not a package identity",
               "write origin/name, origin/name/version or origin/name/version/release");
    }
    return std::string(value);
}

std::string url(const OptionMeta& option, std::string_view value) {
    const auto scheme = value.find("://");
    if (scheme == 0 || scheme == std::string_view::npos || scheme + 3 == value.size() ||
        value.find(' ') != std::string_view::npos) {
        refuse(option, value, "it is not a URL",
               "write it with its scheme, like https://host/path");
    }
    return std::string(value);
}

std::string list(std::string_view value) {
    std::string out;
    for (const auto part : split(value, ',')) {
        const auto item = trim(part);
        if (item.empty()) continue;
        if (!out.empty()) out += ',';
        out += item;
    }
    return out;
}

std::string convert(const OptionMeta& option, std::string_view value) {
    switch (option.type) {
        case OptionType::integer:
            return integer(option, value);
        case OptionType::boolean:
            return boolean(option, value);
        case OptionType::ident:
            return ident(option, value);
        case OptionType::url:
            return url(option, value);
        case OptionType::list:
            return list(value);
        case OptionType::path:
            if (value.empty()) refuse(option, value, "it is empty");
            return std::filesystem::absolute(value).lexically_normal().string();
        case OptionType::size:
            if (const auto bytes = parse_size(value)) return std::to_string(*bytes);
            refuse(option, value, "it is not a size", "write bytes, or a number with K, M, G or T");
        case OptionType::duration:
            if (const auto ms = parse_duration_ms(value)) return std::to_string(*ms);
            refuse(option, value, "it is not a duration", "write it like 250ms, 5s, 2m or 1h");
        case OptionType::string:
        case OptionType::secret:
            break;
    }
    return std::string(value);
}

void check_choice(const OptionMeta& option, std::string_view given, const std::string& value) {
    if (option.choices.empty()) return;
    for (const auto& choice : option.choices) {
        if (convert(option, choice) == value) return;
    }
    refuse(option, given, fmt::format("it must be one of {}", join(option.choices, ", ")));
}

const OptionMeta& declared(const PluginMeta& plugin, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& option : plugin.options) {
        if (option.name == name) return option;
        names.push_back(option.name);
    }
    const auto near = nearest(name, names);
    throw Error(ErrorCode::usage, fmt::format("{} has no option --{}", plugin.label(), name),
                near ? fmt::format("did you mean --{}?", *near)
                     : fmt::format("`hab plugin info {}/{}` shows its options",
                                   to_string(plugin.kind), plugin.id));
}

/// The values of one option: given, else from the environment, else the default.
std::vector<std::string> values_of(const OptionMeta& option, const OptionValues& given,
                                   const EnvironmentLookup& environment) {
    std::vector<std::string> values;
    for (const auto& [name, value] : given) {
        if (name == option.name) values.push_back(canonical_value(option, value));
    }
    if (!values.empty()) return values;
    if (!option.env.empty()) {
        // An empty variable counts as unset, as everywhere in hab.
        if (const auto value = environment(option.env); value && !value->empty()) {
            return {canonical_value(option, *value)};
        }
    }
    if (option.default_value) return {canonical_value(option, *option.default_value)};
    return {};
}

}  // namespace

EnvironmentLookup process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

std::string canonical_value(const OptionMeta& option, std::string_view value) {
    if (value.find('\0') != std::string_view::npos || !is_utf8(value)) {
        refuse(option, "", "it is not UTF-8 text");
    }
    auto canonical = convert(option, value);
    check_choice(option, value, canonical);
    return canonical;
}

ResolvedOptions resolve_options(const PluginMeta& plugin, const OptionValues& given,
                                const EnvironmentLookup& environment) {
    for (const auto& [name, value] : given)
        declared(plugin, name);
    ResolvedOptions resolved;
    for (const auto& option : plugin.options) {
        const auto values = values_of(option, given, environment);
        if (values.empty() && option.required) {
            throw Error(
                ErrorCode::usage, fmt::format("{} needs option --{}", plugin.label(), option.name),
                option.env.empty() ? option.help
                                   : fmt::format("{} (or set {})", option.help, option.env));
        }
        if (values.size() > 1 && !option.repeatable) {
            throw Error(ErrorCode::usage,
                        fmt::format("option --{} was given {} times", option.name, values.size()),
                        "give it once");
        }
        auto& target = option.per_run ? resolved.per_run : resolved.instance;
        for (const auto& value : values)
            target.emplace_back(option.name, value);
    }
    return resolved;
}

}  // namespace hab::plugin
