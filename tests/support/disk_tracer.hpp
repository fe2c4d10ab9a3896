// SPDX-License-Identifier: Apache-2.0
// Runs a program under ptrace and cuts it off, or makes the disk fail, at one chosen call.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/disk_calls.hpp"
#include "support/run.hpp"

namespace hab::test {

struct TraceOptions {
    std::string watched = "/hab";  ///< only calls on files below this count
    /// SIGKILL for every process and thread of the program instead of its n-th call (1 is the
    /// first).
    std::size_t kill_at = 0;
    /// With kill_at: a write is done by half before the death, as a kernel may.
    bool torn = false;
    /// The n-th call fails with `error`. With `lasting` so does every later one that needs space:
    /// a disk that stays full.
    std::size_t fail_at = 0;
    int error = 0;
    bool lasting = false;
    /// Called after every call that was made, while no other counted call runs.
    std::function<void(const DiskCall&)> after = {};
};

struct TraceResult {
    RunResult run;
    std::vector<DiskCall> calls;  ///< in the order in which they took effect
    /// The call that was cut or failed was reached.
    bool reached = false;
};

/// Runs to the end, following all threads and children; calls of different threads are made one
/// after the other. When the main process ends, what still lives of the program is killed. The
/// caller has no other children meanwhile. Sets detect_leaks=0, which ptrace would break.
TraceResult run_traced(const std::vector<std::string>& argv, const RunOptions& options,
                       const TraceOptions& trace);

/// Why programs cannot be traced here (platform, permissions), or empty.
[[nodiscard]] std::string why_no_tracing();

}  // namespace hab::test
