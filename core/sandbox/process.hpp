// SPDX-License-Identifier: Apache-2.0
// Starting a process and owning it. Everything in hab that is not the launcher starts programs
// here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/spec.hpp"

namespace hab::sandbox {

/// How a process ended.
struct ExitStatus {
    int exit_code = 0;           ///< as from exit(); 128 + signal if a signal ended it
    int term_signal = 0;         ///< signal that ended it, else 0
    std::uint64_t max_rss = 0;   ///< bytes, of the process and the children it waited for
    std::uint64_t cpu_ms = 0;    ///< user and system time
    bool out_of_memory = false;  ///< a memory limit was hit inside

    [[nodiscard]] bool ok() const noexcept { return exit_code == 0; }
    /// "exit code 3" or "signal 9 (Killed)".
    [[nodiscard]] std::string text() const;
};

class LimitGroup;

/// A running child of this process. Movable. One that is dropped without having been waited for is
/// killed with its group and reaped. Not thread-safe, but pid() and pidfd() may be read anywhere.
class Process {
public:
    Process() noexcept;
    /// Takes over a child of this process; used by spawn().
    Process(pid_t pid, UniqueFd pidfd, bool leads_group,
            std::unique_ptr<LimitGroup> limits) noexcept;
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    ~Process();

    [[nodiscard]] bool running() const noexcept { return static_cast<bool>(pidfd_); }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Becomes readable when the process ends: poll it, or dup it into an event loop.
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }

    /// The status if it has ended; reaps it. Only once.
    [[nodiscard]] std::optional<ExitStatus> try_wait();
    /// Waits for the end.
    [[nodiscard]] ExitStatus wait();
    /// Waits until `deadline` at the latest.
    [[nodiscard]] std::optional<ExitStatus> wait_until(SteadyTime deadline);

    /// Signals the process; fine if it is gone already.
    void signal(int number) const noexcept;
    /// Signals the whole process group (the process alone if it does not lead one).
    void signal_group(int number) const noexcept;
    /// SIGKILL to group and process, then reaps.
    ExitStatus kill();

private:
    [[nodiscard]] std::optional<ExitStatus> reap(bool block);

    pid_t pid_ = -1;
    UniqueFd pidfd_;
    bool leads_group_ = false;
    std::unique_ptr<LimitGroup> limits_;
};

/// Starts the program. When it returns, the program's image is running: everything that can fail
/// (mounts, ids, exec) has been reported as an Error that names the step. Takes about 1 ms whatever
/// the size of the caller; the calling thread is suspended meanwhile. Thread-safe. Throws not_found
/// / denied / unsupported / io / usage.
[[nodiscard]] Process spawn(const Spec& spec);

}  // namespace hab::sandbox
