// SPDX-License-Identifier: Apache-2.0
#include "package/service_limits.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::package {
namespace {

constexpr std::string_view units = "KMGT";
/// Below that a process cannot even be executed in its group.
constexpr std::uint64_t least_memory = 1u << 20;
constexpr std::uint64_t most_memory = std::uint64_t{1} << 60;
/// Standard streams, libraries and a program's first files take that many.
constexpr std::uint64_t least_open_files = 16;
constexpr std::uint64_t most_open_files = 1u << 30;
constexpr std::uint64_t most_pids = 1u << 22;  // the kernel's own highest number
constexpr std::uint64_t most_cpu = 100 * 4096;

std::optional<std::uint64_t> parse_memory(std::string_view text) {
    unsigned shift = 0;
    if (const auto unit = text.empty() ? text.npos : units.find(text.back()); unit != text.npos) {
        shift = 10 * (static_cast<unsigned>(unit) + 1);
        text.remove_suffix(1);
    }
    const auto number = parse_u64(text);
    if (!number || *number > most_memory >> shift) return std::nullopt;
    return *number << shift;
}

std::optional<std::uint64_t> parse_cpu(std::string_view text) {
    if (!text.ends_with('%')) return std::nullopt;
    return parse_u64(text.substr(0, text.size() - 1));
}

[[noreturn]] void bad(std::string_view name, std::string_view text, const std::string& hint) {
    throw Error(ErrorCode::invalid_input, fmt::format("'{}' is no limit of {}", text, name),
                hint + "; none lifts the limit");
}

}  // namespace

std::optional<std::uint64_t>* find_limit(ServiceLimits& limits, std::string_view name) noexcept {
    return const_cast<std::optional<std::uint64_t>*>(
        find_limit(static_cast<const ServiceLimits&>(limits), name));
}

const std::optional<std::uint64_t>* find_limit(const ServiceLimits& limits,
                                               std::string_view name) noexcept {
    if (name == "memory") return &limits.memory;
    if (name == "open_files") return &limits.open_files;
    if (name == "pids") return &limits.pids;
    return name == "cpu" ? &limits.cpu : nullptr;
}

void set_limit(ServiceLimits& limits, std::string_view name, std::string_view text) {
    auto* const limit = find_limit(limits, name);
    if (limit == nullptr) {
        throw Error(ErrorCode::invalid_input, fmt::format("there is no limit '{}'", name),
                    fmt::format("use one of: {}", fmt::join(service_limit_names, ", ")));
    }
    if (text == "none") {
        *limit = ServiceLimits::none;
        return;
    }
    const auto set = [&](std::optional<std::uint64_t> value, std::uint64_t least,
                         std::uint64_t most, const std::string& hint) {
        if (!value || *value < least || *value > most) bad(name, text, hint);
        *limit = value;
    };
    if (limit == &limits.memory) {
        set(parse_memory(text), least_memory, most_memory,
            "write it as 512M, with K, M, G, T or as bytes, at least 1M");
    } else if (limit == &limits.open_files) {
        set(parse_u64(text), least_open_files, most_open_files,
            fmt::format("write a number from {} to {}", least_open_files, most_open_files));
    } else if (limit == &limits.pids) {
        set(parse_u64(text), 1, most_pids, fmt::format("write a number from 1 to {}", most_pids));
    } else {
        set(parse_cpu(text), 1, most_cpu,
            "write it as 50%, of one processor (200% are two), a whole number from 1% on");
    }
}

std::string limit_text(std::string_view name, std::uint64_t value) {
    if (value == ServiceLimits::none) return "none";
    if (name == "cpu") return fmt::format("{}%", value);
    std::size_t unit = 0;
    if (name != "memory") return std::to_string(value);
    while (unit < units.size() && value % 1024 == 0) {
        value /= 1024;
        ++unit;
    }
    return unit == 0 ? std::to_string(value) : fmt::format("{}{}", value, units[unit - 1]);
}

ServiceLimits overlaid(ServiceLimits under, const ServiceLimits& over) {
    for (const auto name : service_limit_names) {
        if (const auto* value = find_limit(over, name); *value) *find_limit(under, name) = *value;
    }
    return under;
}

}  // namespace hab::package
