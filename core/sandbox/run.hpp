// SPDX-License-Identifier: Apache-2.0
// Running a program to its end: output to sinks, time limit, cancellation.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "sandbox/process.hpp"
#include "sandbox/spec.hpp"

namespace hab::sandbox {

/// Gets output as it comes. An exception ends the program and leaves run().
using OutputSink = std::function<void(std::string_view)>;

struct RunOptions {
    /// With feed_stdin, fed to standard input, then end of file; spec.stdio.in is ignored then.
    std::string stdin_data;
    bool feed_stdin = false;
    /// A sink set here takes the place of the descriptor in spec.stdio.
    OutputSink on_stdout;
    OutputSink on_stderr;
    std::chrono::milliseconds timeout{0};  ///< 0 = none
    /// Polled every 50 ms; true kills the program.
    std::function<bool()> cancelled;
};

struct RunResult {
    ExitStatus status;
    bool timed_out = false;
    bool was_cancelled = false;
    std::chrono::milliseconds wall{0};
};

/// Runs the program and waits. Timeout, cancellation and exceptions of sinks kill its process group
/// (with a pid namespace: everything inside). Throws what spawn() throws; an exit code other than 0
/// is a result.
[[nodiscard]] RunResult run(Spec spec, const RunOptions& options = {});

struct Captured {
    RunResult result;
    std::string out;
    std::string err;
};

/// run() with both outputs collected, up to `limit` bytes each; more throws invalid_input.
[[nodiscard]] Captured run_captured(Spec spec, RunOptions options = {},
                                    std::size_t limit = std::size_t{16} << 20);

}  // namespace hab::sandbox
