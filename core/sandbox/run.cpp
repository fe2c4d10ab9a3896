// SPDX-License-Identifier: Apache-2.0
#include "sandbox/run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"

namespace hab::sandbox {
namespace {

using std::chrono::steady_clock;

constexpr int tick_ms = 50;  // how soon a cancellation is noticed

struct Pipe {
    UniqueFd ours;
    UniqueFd theirs;
};

Pipe output_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw Error::from_errno("cannot run a program: no pipe");
    ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

/// A socket pair, because writing to one whose reader is gone can be done without SIGPIPE.
Pipe input_pair() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
        throw Error::from_errno("cannot run a program: no socket pair");
    }
    ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

/// One run: the descriptors on our side and the loop that serves them.
class Runner {
public:
    Runner(Spec spec, const RunOptions& options) : options_(options) {
        Pipe out;
        Pipe err;
        Pipe in;
        if (options.on_stdout) {
            out = output_pipe();
            spec.stdio.out = out.theirs.get();
        }
        if (options.on_stderr) {
            err = output_pipe();
            spec.stdio.err = err.theirs.get();
        }
        if (options.feed_stdin) {
            in = input_pair();
            spec.stdio.in = in.theirs.get();
        }
        spec.die_with_parent = true;
        process_ = spawn(spec);
        out_ = std::move(out.ours);
        err_ = std::move(err.ours);
        in_ = std::move(in.ours);
    }

    RunResult run() {
        RunResult result;
        const SteadyTime start = steady_clock::now();
        feed();
        while (!wait_for_event()) {
            if (options_.cancelled && options_.cancelled()) {
                result.was_cancelled = true;
                break;
            }
            if (options_.timeout.count() > 0 && steady_clock::now() - start >= options_.timeout) {
                result.timed_out = true;
                break;
            }
            serve();
        }
        // Takes what is left of its group with it, so that nobody keeps the pipes open; whoever
        // left the group is not waited for.
        result.status = process_.kill();
        serve();
        result.wall =
            std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start);
        return result;
    }

private:
    /// Waits for output, room for input, the end or the tick; true at the end.
    bool wait_for_event() {
        pollfd polls[4] = {{process_.pidfd(), POLLIN, 0},
                           {out_.get(), POLLIN, 0},
                           {err_.get(), POLLIN, 0},
                           {in_.get(), POLLOUT, 0}};
        const bool timed = options_.cancelled || options_.timeout.count() > 0;
        const int ready = ::poll(polls, 4, timed ? tick_ms : -1);
        if (ready < 0 && errno != EINTR) throw Error::from_errno("cannot wait for a program");
        return ready > 0 && polls[0].revents != 0;
    }

    void serve() {
        drain(out_, options_.on_stdout);
        drain(err_, options_.on_stderr);
        feed();
    }

    static void drain(UniqueFd& fd, const OutputSink& sink) {
        char buffer[16384];
        while (fd) {
            const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
            if (got > 0) {
                sink(std::string_view(buffer, static_cast<std::size_t>(got)));
            } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
                fd.reset();
            } else if (errno == EAGAIN) {
                return;
            }
        }
    }

    void feed() {
        while (in_ && fed_ < options_.stdin_data.size()) {
            const ssize_t sent = ::send(in_.get(), options_.stdin_data.data() + fed_,
                                        options_.stdin_data.size() - fed_, MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent < 0 && errno == EAGAIN) return;
            if (sent < 0) break;  // the program does not want it
            fed_ += static_cast<std::size_t>(sent);
        }
        in_.reset();
    }

    const RunOptions& options_;
    UniqueFd out_;
    UniqueFd err_;
    UniqueFd in_;
    std::size_t fed_ = 0;
    Process process_;
};

OutputSink collector(std::string& text, std::size_t limit, const std::string& program) {
    return [&text, limit, program](std::string_view data) {
        if (data.size() > limit - text.size()) {
            throw Error(ErrorCode::invalid_input,
                        fmt::format("cannot use the output of '{}': it is larger than {} bytes",
                                    program, limit));
        }
        text += data;
    };
}

}  // namespace

RunResult run(Spec spec, const RunOptions& options) {
    return Runner(std::move(spec), options).run();
}

Captured run_captured(Spec spec, RunOptions options, std::size_t limit) {
    Captured captured;
    const std::string program = spec.argv.empty() ? std::string() : spec.argv.front();
    options.on_stdout = collector(captured.out, limit, program);
    options.on_stderr = collector(captured.err, limit, program);
    captured.result = run(std::move(spec), options);
    return captured;
}

}  // namespace hab::sandbox
