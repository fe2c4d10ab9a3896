// SPDX-License-Identifier: Apache-2.0
#include "sandbox/process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/error.hpp"
#include "sandbox/limit_group.hpp"

namespace hab::sandbox {
namespace {

std::uint64_t milliseconds(const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1000 +
           static_cast<std::uint64_t>(time.tv_usec) / 1000;
}

ExitStatus status_from(const siginfo_t& info, const rusage& usage) {
    ExitStatus status;
    if (info.si_code == CLD_EXITED) {
        status.exit_code = info.si_status;
    } else {
        status.term_signal = info.si_status;
        status.exit_code = 128 + info.si_status;
    }
    status.max_rss = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    status.cpu_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
    return status;
}

}  // namespace

std::string ExitStatus::text() const {
    if (term_signal == 0) return fmt::format("exit code {}", exit_code);
    return fmt::format("signal {} ({})", term_signal, ::strsignal(term_signal));
}

Process::Process() noexcept = default;

Process::Process(pid_t pid, UniqueFd pidfd, bool leads_group,
                 std::unique_ptr<LimitGroup> limits) noexcept
    : pid_(pid), pidfd_(std::move(pidfd)), leads_group_(leads_group), limits_(std::move(limits)) {}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      leads_group_(other.leads_group_),
      limits_(std::move(other.limits_)) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        if (running()) static_cast<void>(kill());
        pid_ = std::exchange(other.pid_, -1);
        pidfd_ = std::move(other.pidfd_);
        leads_group_ = other.leads_group_;
        limits_ = std::move(other.limits_);
    }
    return *this;
}

Process::~Process() {
    if (running()) static_cast<void>(kill());
}

std::optional<ExitStatus> Process::reap(bool block) {
    if (!running()) return std::nullopt;
    siginfo_t info{};
    rusage usage{};
    // An event loop that watches the pidfd has made it non-blocking; waitid would not wait then.
    pollfd end = {pidfd_.get(), POLLIN, 0};
    while (block && ::poll(&end, 1, -1) < 0 && errno == EINTR) {
    }
    // The system call, because libc's waitid hides the fifth argument.
    long result = 0;
    do {
        result = ::syscall(SYS_waitid, P_PIDFD, pidfd_.get(), &info,
                           WEXITED | (block ? 0 : WNOHANG), &usage);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        const int error = errno;
        pidfd_.reset();  // someone else reaped it: nothing is left to wait for
        throw Error::from_errno(fmt::format("cannot wait for process {}", pid_), error);
    }
    if (info.si_pid == 0) return std::nullopt;
    pidfd_.reset();
    ExitStatus status = status_from(info, usage);
    status.out_of_memory = limits_ && limits_->out_of_memory();
    limits_.reset();
    return status;
}

std::optional<ExitStatus> Process::try_wait() {
    return reap(false);
}

ExitStatus Process::wait() {
    const std::optional<ExitStatus> status = reap(true);
    if (!status) throw Error(ErrorCode::bug, "cannot wait for a process that has been waited for");
    return *status;
}

std::optional<ExitStatus> Process::wait_until(SteadyTime deadline) {
    while (running()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd poll = {pidfd_.get(), POLLIN, 0};
        const int timeout = static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 0, 60'000));
        const int ready = ::poll(&poll, 1, timeout);
        if (ready > 0) return reap(true);
        if (ready == 0 && std::chrono::steady_clock::now() >= deadline) return std::nullopt;
    }
    return std::nullopt;
}

void Process::signal(int number) const noexcept {
    if (running()) ::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

void Process::signal_group(int number) const noexcept {
    // As long as it has not been reaped its id, and so its group's, cannot be reused.
    if (!running()) return;
    if (!leads_group_ || ::kill(-pid_, number) != 0) signal(number);
}

ExitStatus Process::kill() {
    signal_group(SIGKILL);
    signal(SIGKILL);
    const std::optional<ExitStatus> status = reap(true);
    return status.value_or(ExitStatus{});
}

}  // namespace hab::sandbox
