// SPDX-License-Identifier: Apache-2.0
#include "ring/sim/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace hab::ring::sim {
namespace {

constexpr std::array<std::string_view, fault_count> names = {
    "loss",  "delay", "duplicate", "corrupt", "cut",   "partition", "slow",   "clock", "crash",
    "stale", "reuse", "key",       "leave",   "forge", "depart",    "expiry", "ipv6"};

std::string all_names() {
    std::string text;
    for (const auto name : names) {
        if (!text.empty()) text += ", ";
        text += name;
    }
    return text;
}

Fault fault_named(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<Fault>(i);
    throw Error(ErrorCode::usage, fmt::format("'{}' is not a fault of the simulator", name),
                "all, none, or of these, joined by commas: " + all_names());
}

}  // namespace

std::string_view to_string(Fault fault) noexcept {
    return names[static_cast<std::size_t>(fault)];
}

Faults Faults::parse(std::string_view text) {
    if (text == "all") return all();
    Faults faults;
    if (text == "none" || text.empty()) return faults;
    while (true) {
        const auto comma = text.find(',');
        faults.add(fault_named(text.substr(0, comma)));
        if (comma == std::string_view::npos) return faults;
        text.remove_prefix(comma + 1);
    }
}

std::string Faults::to_string() const {
    std::string text;
    for (std::size_t i = 0; i < fault_count; ++i) {
        if (!has(static_cast<Fault>(i))) continue;
        if (!text.empty()) text += ',';
        text += names[i];
    }
    return text.empty() ? "none" : text;
}

const PlanBind* Options::bind_of(std::uint32_t node) const noexcept {
    if (!plan || plan->binds.empty()) return nullptr;
    // Half of the ring at most stands in, the last ones, as many for each bind.
    const std::size_t each = std::max<std::size_t>(1, nodes / (2 * (plan->binds.size() + 1)));
    const std::size_t place = (nodes - 1 - node) / each;
    return place < plan->binds.size() && node != 0 ? &plan->binds[place] : nullptr;
}

std::string Options::stand_in_group(const PlanBind& bind) {
    return fmt::format("{}.stand-in", bind.name);
}

std::string Options::group_of(std::uint32_t node) const {
    if (const PlanBind* const bind = bind_of(node)) return stand_in_group(*bind);
    if (plan) return plan->name + ".default";
    return fmt::format("app{}.default", node / std::max<std::size_t>(1, group));
}

}  // namespace hab::ring::sim
