// SPDX-License-Identifier: Apache-2.0
// What a process uses, from /proc.
#pragma once

#include <cstdint>
#include <optional>

namespace hab::supervisor::http {

struct ProcessUsage {
    double cpu_seconds = 0;  ///< user and system, all threads
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
};
/// Nothing if there is no such process (any more). 0: this one.
[[nodiscard]] std::optional<ProcessUsage> process_usage(std::int64_t pid);
/// Open descriptors of this process.
[[nodiscard]] std::uint64_t open_descriptors();
/// How many it may have.
[[nodiscard]] std::uint64_t most_descriptors();

}  // namespace hab::supervisor::http
