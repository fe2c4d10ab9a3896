// SPDX-License-Identifier: Apache-2.0
#include "plugin/option_values.hpp"

#include <array>
#include <limits>
#include <string>
#include <utility>

#include "base/strings.hpp"

namespace hab::plugin {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

/// Splits "10M" into 10 and "M".
std::optional<std::pair<std::uint64_t, std::string_view>> number_and_unit(
    std::string_view text) noexcept {
    const auto unit = text.find_first_not_of("0123456789");
    const auto number = parse_u64(text.substr(0, unit));
    if (!number) return std::nullopt;
    return std::pair{*number,
                     unit == std::string_view::npos ? std::string_view{} : text.substr(unit)};
}

std::optional<std::uint64_t> times(std::uint64_t number, std::uint64_t factor) noexcept {
    if (number > largest / factor) return std::nullopt;
    return number * factor;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
    const auto parts = number_and_unit(text);
    if (!parts) return std::nullopt;
    auto unit = parts->second;
    if (unit.empty() || unit == "B") return times(parts->first, 1);
    constexpr std::string_view letters = "KMGT";
    const auto power = letters.find(unit.front() == 'k' ? 'K' : unit.front());
    unit.remove_prefix(1);
    if (power == std::string_view::npos || !(unit.empty() || unit == "B" || unit == "iB")) {
        return std::nullopt;
    }
    return times(parts->first, std::uint64_t{1} << (10 * (power + 1)));
}

std::optional<std::uint64_t> parse_duration_ms(std::string_view text) noexcept {
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> units = {
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    const auto parts = number_and_unit(text);
    if (!parts) return std::nullopt;
    for (const auto& [unit, factor] : units) {
        if (parts->second == unit) return times(parts->first, factor);
    }
    return std::nullopt;
}

}  // namespace hab::plugin
