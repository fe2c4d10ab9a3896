// SPDX-License-Identifier: Apache-2.0
//
// Options of a plugin: how an author declares them and reads their values. The host parses,
// validates and defaults them, and shows them in --help without loading the plugin.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "types.hpp"

namespace hab::sdk {

/// One declared option, e.g. inside the plugin class:
///   static constexpr auto options = std::array{
///       Option{.name = "level", .type = HAB_OPTION_INT, .help = "…", .default_value = "3"}};
struct Option {
    const char* name;
    std::uint32_t type = HAB_OPTION_STRING;
    std::uint32_t flags = 0;
    const char* value_name = nullptr;
    const char* help = nullptr;
    const char* env = nullptr;
    const char* default_value = nullptr;
    std::array<const char*, 16> choices = {};  ///< at most 15 allowed values
};

/// Values of options, with lookups by name. Borrowed: valid during the call they came with.
class Options {
public:
    Options(const hab_kv* items, std::size_t count) noexcept : items_(items), count_(count) {}

    /// The (last) value, or nothing if the user gave none and there is no default.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (std::size_t i = count_; i > 0; --i) {
            if (from_abi(items_[i - 1].key) == name) return from_abi(items_[i - 1].value);
        }
        return std::nullopt;
    }
    /// The value as text; empty if there is none.
    [[nodiscard]] std::string text(std::string_view name) const {
        return std::string(find(name).value_or(""));
    }
    /// Value of a bool option.
    [[nodiscard]] bool flag(std::string_view name) const noexcept {
        return find(name) == std::string_view("true");
    }
    /// Value of an int, size (bytes) or duration (milliseconds) option.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const {
        const auto value = find(name);
        if (!value) return std::nullopt;
        std::int64_t number = 0;
        const auto* end = value->data() + value->size();
        if (const auto done = std::from_chars(value->data(), end, number);
            done.ec != std::errc{} || done.ptr != end) {
            raise(HAB_STATUS_USAGE, "option --" + std::string(name) + " is not a number: '" +
                                        std::string(*value) + "'");
        }
        return number;
    }
    /// Every value of a repeatable option, or the items of a list option.
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const {
        std::vector<std::string> values;
        for (std::size_t i = 0; i < count_; ++i) {
            if (from_abi(items_[i].key) != name) continue;
            std::string_view rest = from_abi(items_[i].value);
            while (!rest.empty()) {
                const auto comma = rest.find(',');
                values.emplace_back(rest.substr(0, comma));
                rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
            }
        }
        return values;
    }
    /// Every value of a repeatable option, taken whole.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
        std::vector<std::string> values;
        for (std::size_t i = 0; i < count_; ++i) {
            if (from_abi(items_[i].key) == name) values.emplace_back(from_abi(items_[i].value));
        }
        return values;
    }

private:
    const hab_kv* items_;
    std::size_t count_;
};

namespace detail {

inline constexpr std::array<Option, 0> no_options{};

/// The C tables made of a class's options, in static storage.
template <class Plugin>
struct OptionTable {
    static constexpr const auto& declared() noexcept {
        if constexpr (requires { Plugin::options; }) {
            return Plugin::options;
        } else {
            return no_options;
        }
    }
    static constexpr std::size_t count = declared().size();

    static constexpr auto make_descs() noexcept {
        std::array<hab_option_desc, count + 1> made{};
        for (std::size_t i = 0; i < count; ++i) {
            const Option& option = declared()[i];
            made[i] = {sizeof(hab_option_desc),
                       option.type,
                       option.flags,
                       option.name,
                       option.value_name,
                       option.help,
                       option.env,
                       option.default_value,
                       option.choices[0] == nullptr ? nullptr : option.choices.data()};
        }
        return made;
    }
    static constexpr std::array<hab_option_desc, count + 1> descs = make_descs();

    static constexpr auto make_pointers() noexcept {
        std::array<const hab_option_desc*, count + 1> made{};
        for (std::size_t i = 0; i < count; ++i)
            made[i] = &descs[i];
        return made;
    }
    static constexpr std::array<const hab_option_desc*, count + 1> pointers = make_pointers();
};

}  // namespace detail
}  // namespace hab::sdk
