// SPDX-License-Identifier: Apache-2.0
// What one service may use of the machine: as packages, spec files and commands say it.
// docs/guide/limits.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hab::package {

/// The metafile that a package says them in: "memory=512M" lines.
inline constexpr std::string_view service_limits_file = "SVC_LIMITS";

/// Empty: nothing is said. none: a limit of somebody before is lifted.
struct ServiceLimits {
    static constexpr std::uint64_t none = 0;

    std::optional<std::uint64_t> memory;      ///< bytes, of the process and all it starts together
    std::optional<std::uint64_t> open_files;  ///< descriptors of each process
    std::optional<std::uint64_t> pids;        ///< processes and threads, together
    std::optional<std::uint64_t> cpu;         ///< percent of one processor, together

    bool operator==(const ServiceLimits&) const = default;
    [[nodiscard]] bool empty() const noexcept { return *this == ServiceLimits(); }
};

/// Names of the limits in metafiles and spec files; with hyphens behind "--limit-".
inline constexpr std::array<std::string_view, 4> service_limit_names{"memory", "open_files", "pids",
                                                                     "cpu"};

/// The member of that name; null for another name.
[[nodiscard]] std::optional<std::uint64_t>* find_limit(ServiceLimits& limits,
                                                       std::string_view name) noexcept;
[[nodiscard]] const std::optional<std::uint64_t>* find_limit(const ServiceLimits& limits,
                                                             std::string_view name) noexcept;

/// Reads one limit: memory "512M" (K, M, G, T are powers of 1024; without one: bytes; at least 1M),
/// open_files and pids a number, cpu "50%"; or "none". Throws invalid_input with a hint for an
/// unknown name or a text that is no such limit.
void set_limit(ServiceLimits& limits, std::string_view name, std::string_view text);

/// How set_limit() reads it: "512M", "none".
[[nodiscard]] std::string limit_text(std::string_view name, std::uint64_t value);

/// `under` where `over` says nothing.
[[nodiscard]] ServiceLimits overlaid(ServiceLimits under, const ServiceLimits& over);

}  // namespace hab::package
