// SPDX-License-Identifier: Apache-2.0
#include "support/disk_tracer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/seccomp_trace.hpp"

namespace hab::test {
namespace {

using Clock = std::chrono::steady_clock;

long trace_call(int request, pid_t tid, std::uintptr_t address, std::uintptr_t data) {
    return ::ptrace(static_cast<__ptrace_request>(request), tid, address, data);
}

UniqueFd memory_file(const char* name) {
    UniqueFd fd(::memfd_create(name, MFD_CLOEXEC));
    if (!fd) throw Error::from_errno("cannot make a file in memory");
    return fd;
}

std::string content_of(const UniqueFd& fd) {
    ::lseek(fd.get(), 0, SEEK_SET);
    return read_fd(fd.get(), "output of the traced program");
}

/// The child's half: waits for the tracer, installs the filter, becomes the program.
[[noreturn]] void become(const std::vector<std::string>& argv, const RunOptions& options, int go) {
    sigset_t empty;
    ::sigemptyset(&empty);
    ::sigprocmask(SIG_SETMASK, &empty, nullptr);
    ::setpgid(0, 0);
    const char* given = std::getenv("ASAN_OPTIONS");
    const std::string asan = given != nullptr ? std::string(given) + ":" : std::string();
    ::setenv("ASAN_OPTIONS", (asan + "detect_leaks=0").c_str(), 1);
    for (const auto& [key, value] : options.env)
        ::setenv(key.c_str(), value.c_str(), 1);
    if (!options.cwd.empty() && ::chdir(options.cwd.c_str()) != 0) ::_exit(126);
    std::vector<char*> words;
    for (const std::string& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    char byte = 0;
    if (::read(go, &byte, 1) != 1 || !install_trace_filter()) ::_exit(125);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

class Tracer {
public:
    Tracer(const TraceOptions& options, TraceResult& result) : options_(options), result_(result) {}

    void start(const std::vector<std::string>& argv, const RunOptions& options) {
        int go[2];
        if (::pipe2(go, O_CLOEXEC) != 0) throw Error::from_errno("cannot make a pipe");
        const UniqueFd wait_end(go[0]);
        const UniqueFd go_end(go[1]);
        write_all(in_.get(), options.input, "the program's input");
        ::lseek(in_.get(), 0, SEEK_SET);
        main_ = ::fork();
        if (main_ < 0) throw Error::from_errno("cannot fork");
        if (main_ == 0) {
            ::dup2(in_.get(), 0);
            ::dup2(out_.get(), 1);
            ::dup2(err_.get(), 2);
            become(argv, options, wait_end.get());
        }
        threads_.insert(main_);
        constexpr auto follow = static_cast<std::uintptr_t>(
            PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
            PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
        if (trace_call(PTRACE_SEIZE, main_, 0, follow) != 0) {
            const Error error = Error::from_errno("cannot trace a program");
            ::kill(main_, SIGKILL);
            ::waitpid(main_, nullptr, 0);
            throw error;
        }
        write_all(go_end.get(), std::string_view("g"), "a pipe");
    }

    void run_until(Clock::time_point deadline) {
        sigset_t child;
        sigset_t before;
        ::sigemptyset(&child);
        ::sigaddset(&child, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &child, &before);
        while (!threads_.empty()) {
            int status = 0;
            const pid_t tid = ::waitpid(-1, &status, __WALL | WNOHANG);
            if (tid > 0) {
                stopped(tid, status);
            } else if (tid < 0) {
                break;
            } else if (!wait_for(child, deadline)) {
                result_.run.err += "[the test's deadline passed: killed]\n";
                timed_out_ = true;
                kill_all();
                deadline += std::chrono::seconds(60);
            }
        }
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        result_.run.out = content_of(out_);
        result_.run.err += content_of(err_);
        result_.run.exit_code = timed_out_ ? -1 : exit_code_;
    }

private:
    static bool wait_for(const sigset_t& signals, Clock::time_point deadline) {
        const auto left = std::chrono::duration_cast<std::chrono::seconds>(deadline - Clock::now());
        if (left.count() <= 0) return false;
        const timespec timeout{left.count(), 0};
        (void)::sigtimedwait(&signals, nullptr, &timeout);
        return true;
    }

    void kill_all() {
        for (const pid_t tid : threads_)
            ::kill(tid, SIGKILL);
    }

    void proceed(pid_t tid, int signal = 0) const {
        (void)trace_call(PTRACE_CONT, tid, 0, static_cast<std::uintptr_t>(signal));
    }

    void gone(pid_t tid, int status) {
        threads_.erase(tid);
        std::erase_if(waiting_, [tid](const Waiting& w) { return w.tid == tid; });
        if (tid == main_) {
            exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            kill_all();
        }
        if (active_ && active_->tid == tid) {
            active_.reset();
            next_call();
        }
    }

    void stopped(pid_t tid, int status) {
        if (WIFEXITED(status) || WIFSIGNALED(status)) return gone(tid, status);
        if (!WIFSTOPPED(status)) return;
        threads_.insert(tid);
        const int signal = WSTOPSIG(status);
        const int event = status >> 16;
        if (event == PTRACE_EVENT_SECCOMP) return entered(tid);
        if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {  // stopped by job control: stay so
            (void)trace_call(PTRACE_LISTEN, tid, 0, 0);
        } else if (event != 0) {
            proceed(tid);
        } else if (signal == (SIGTRAP | 0x80)) {
            left(tid);
        } else {
            proceed(tid, signal);
        }
    }

    void entered(pid_t tid) {
        CallEntry entry;
        __ptrace_syscall_info info{};
        if (trace_call(PTRACE_GET_SYSCALL_INFO, tid, sizeof info,
                       reinterpret_cast<std::uintptr_t>(&info)) <= 0) {
            return proceed(tid);
        }
        entry.number = info.seccomp.nr;
        std::copy(std::begin(info.seccomp.args), std::end(info.seccomp.args),
                  entry.arguments.begin());
        auto call = examine_call(tid, entry, options_.watched);
        if (!call) return proceed(tid);
        waiting_.push_back({tid, std::move(*call)});
        if (!active_) next_call();
    }

    /// Lets the next waiting thread make its call; the others stay stopped until it has.
    void next_call() {
        if (waiting_.empty()) return;
        active_ = std::move(waiting_.front());
        waiting_.pop_front();
        const std::size_t number = result_.calls.size() + 1;
        const pid_t tid = active_->tid;
        result_.calls.push_back(active_->call);
        if (number == options_.kill_at) {
            result_.reached = true;
            if (!options_.torn || !halve(tid)) return kill_all();
            dying_ = true;
        } else if (number == options_.fail_at ||
                   (result_.reached && options_.lasting && active_->call.needs_space)) {
            result_.reached = true;
            failed_ = true;
            fail(tid);
        }
        (void)trace_call(PTRACE_SYSCALL, tid, 0, 0);
    }

    void left(pid_t tid) {
        if (!active_ || active_->tid != tid) return proceed(tid);
        if (dying_) return kill_all();
        const DiskCall call = std::move(active_->call);
        active_.reset();
        if (!failed_ && options_.after) options_.after(call);
        failed_ = false;
        proceed(tid);
        next_call();
    }

#if defined(__x86_64__)
    void fail(pid_t tid) const {
        user_regs_struct registers{};
        (void)trace_call(PTRACE_GETREGS, tid, 0, reinterpret_cast<std::uintptr_t>(&registers));
        registers.orig_rax = ~0ull;  // no call
        registers.rax = static_cast<unsigned long long>(-options_.error);
        (void)trace_call(PTRACE_SETREGS, tid, 0, reinterpret_cast<std::uintptr_t>(&registers));
    }
    /// Halves the length of a plain write; false for every other call.
    [[nodiscard]] bool halve(pid_t tid) const {
        if (active_->call.name != "write" && active_->call.name != "pwrite") return false;
        user_regs_struct registers{};
        (void)trace_call(PTRACE_GETREGS, tid, 0, reinterpret_cast<std::uintptr_t>(&registers));
        registers.rdx /= 2;
        (void)trace_call(PTRACE_SETREGS, tid, 0, reinterpret_cast<std::uintptr_t>(&registers));
        return true;
    }
#else
    void fail(pid_t) const {}
    [[nodiscard]] bool halve(pid_t) const { return false; }
#endif

    struct Waiting {
        pid_t tid;
        DiskCall call;
    };

    const TraceOptions& options_;
    TraceResult& result_;
    const UniqueFd in_ = memory_file("input");
    const UniqueFd out_ = memory_file("output");
    const UniqueFd err_ = memory_file("errors");
    pid_t main_ = -1;
    int exit_code_ = -1;
    bool timed_out_ = false;
    bool failed_ = false;  ///< the active call was made to fail
    bool dying_ = false;   ///< everything dies when the active call is done
    std::set<pid_t> threads_;
    std::deque<Waiting> waiting_;
    std::optional<Waiting> active_;
};

}  // namespace

TraceResult run_traced(const std::vector<std::string>& argv, const RunOptions& options,
                       const TraceOptions& trace) {
    if (const std::string reason = why_no_tracing(); !reason.empty()) {
        throw Error(ErrorCode::unsupported, reason);
    }
    TraceResult result;
    Tracer tracer(trace, result);
    tracer.start(argv, options);
    tracer.run_until(Clock::now() + options.deadline);
    return result;
}

std::string why_no_tracing() {
#if defined(__x86_64__)
    static const std::string reason = [] {
        const pid_t child = ::fork();
        if (child == 0) {
            const bool allowed = ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0;
            ::_exit(allowed && install_trace_filter() ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return status == 0 ? std::string() : std::string("ptrace or seccomp is not allowed here");
    }();
    return reason;
#else
    return "the tracer knows the registers of x86_64 only";
#endif
}

}  // namespace hab::test
