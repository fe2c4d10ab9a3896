// SPDX-License-Identifier: Apache-2.0
#include "build/session.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace hab::build {
namespace {

/// How long a cancelled plan has for its do_after_failure.
constexpr std::chrono::seconds grace{5};

std::pair<UniqueFd, UniqueFd> make_pipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) throw Error::from_errno("cannot make a pipe");
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

/// Removes the FIFOs of this session, so that a restart can make its own.
struct ControlFiles {
    fs::path dir;
    ~ControlFiles() {
        std::error_code ignored;
        fs::remove(dir / "request", ignored);
        fs::remove(dir / "reply", ignored);
    }
};

class Session {
public:
    Session(Place& place, const sandbox::Environment& env, const SessionHandlers& handlers,
            Interrupts& interrupts)
        : files_{place.layout().control_host},
          channel_(place.layout().control_host),
          handlers_(handlers),
          interrupts_(interrupts) {
        auto [read_end, write_end] = make_pipe();
        ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
        job_ = place.start(env, write_end.get());
        output_ = std::move(read_end);
    }

    int run() {
        while (true) {
            const bool ended = wait_for_something();
            // Whatever was sent before the end has arrived by now.
            serve_requests();
            pass_on_output();
            if (interrupts_.pending()) return cancel();
            if (ended) return job_->wait();
        }
    }

private:
    bool wait_for_something() {
        std::array<pollfd, 4> fds{pollfd{job_->ended_fd(), POLLIN, 0},
                                  pollfd{interrupts_.fd(), POLLIN, 0},
                                  pollfd{request_open_ ? channel_.request_fd() : -1, POLLIN, 0},
                                  pollfd{output_.get(), POLLIN, 0}};
        if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) {
            throw Error::from_errno("cannot wait for the build");
        }
        // A hangup without data would make every later poll return at once.
        if (fds[2].revents == POLLHUP) request_open_ = false;
        if (fds[3].revents == POLLHUP) output_.reset();
        return (fds[0].revents & POLLIN) != 0;
    }

    void serve_requests() {
        while (const auto request = channel_.receive()) {
            pass_on_output();  // what was printed before the request comes before what it prints
            channel_.send(handlers_.on_request(*request), job_->ended_fd());
        }
    }

    void pass_on_output() {
        std::array<char, 65536> chunk{};
        while (output_) {
            const ssize_t n = ::read(output_.get(), chunk.data(), chunk.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return;
            handlers_.on_output({chunk.data(), static_cast<std::size_t>(n)});
        }
    }

    int cancel() {
        job_->cancel();
        const auto deadline = SystemClock().now() + grace;
        while (SystemClock().now() < deadline) {
            std::array<pollfd, 1> fds{pollfd{job_->ended_fd(), POLLIN, 0}};
            ::poll(fds.data(), fds.size(), 50);
            serve_requests();
            pass_on_output();
            if ((fds[0].revents & POLLIN) != 0) break;
        }
        job_.reset();
        interrupts_.check();
        return 1;
    }

    ControlFiles files_;
    Channel channel_;
    const SessionHandlers& handlers_;
    Interrupts& interrupts_;
    std::unique_ptr<Job> job_;
    UniqueFd output_;
    bool request_open_ = true;
};

}  // namespace

int run_session(Place& place, const sandbox::Environment& env, const SessionHandlers& handlers,
                Interrupts& interrupts) {
    return Session(place, env, handlers, interrupts).run();
}

}  // namespace hab::build
