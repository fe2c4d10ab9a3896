// SPDX-License-Identifier: Apache-2.0
// What the service of the benchmark tells when it runs, and the clock that it is measured by.
#pragma once

#include <ctime>

#include <cstdint>

namespace hab::bench {

/// Written into a FIFO in one piece, by the first instructions of the service.
struct Report {
    std::int64_t pid;
    std::int64_t at_ns;  ///< CLOCK_MONOTONIC
};

inline std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace hab::bench
