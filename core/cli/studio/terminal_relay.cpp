// SPDX-License-Identifier: Apache-2.0
#include "cli/studio/terminal_relay.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/error.hpp"

namespace hab::cli {
namespace {

void write_fully(int fd, const char* data, std::size_t size) noexcept {
    while (size > 0) {
        const ssize_t done = ::write(fd, data, size);
        if (done < 0 && errno != EINTR && errno != EAGAIN) return;  // the other side is gone
        if (done <= 0) continue;
        data += done;
        size -= static_cast<std::size_t>(done);
    }
}

}  // namespace

TerminalRelay::TerminalRelay(int in, int out) : in_(in), out_(out) {
    int outside = -1;
    int inside = -1;
    winsize size{};
    ::ioctl(in, TIOCGWINSZ, &size);
    if (::tcgetattr(in, &before_) != 0 ||
        ::openpty(&outside, &inside, nullptr, &before_, &size) != 0) {
        throw Error::from_errno("cannot make a terminal for the program inside");
    }
    outside_.reset(outside);
    inside_.reset(inside);
    ::fcntl(outside, F_SETFL, O_NONBLOCK);
    sigset_t size_changes;
    sigemptyset(&size_changes);
    sigaddset(&size_changes, SIGWINCH);
    pthread_sigmask(SIG_BLOCK, &size_changes, nullptr);
    resized_.reset(::signalfd(-1, &size_changes, SFD_CLOEXEC | SFD_NONBLOCK));
    stop_.reset(::eventfd(0, EFD_CLOEXEC));
    if (!resized_ || !stop_) throw Error::from_errno("cannot watch the terminal");
    termios raw = before_;
    ::cfmakeraw(&raw);
    ::tcsetattr(in_, TCSADRAIN, &raw);
    copier_ = std::thread([this] { copy_until_stopped(); });
}

TerminalRelay::~TerminalRelay() {
    const std::uint64_t one = 1;
    // Cannot fail: the counter is far from its limit.
    [[maybe_unused]] const ssize_t sent = ::write(stop_.get(), &one, sizeof one);
    copier_.join();
    while (pass_output()) {
    }
    ::tcsetattr(in_, TCSADRAIN, &before_);
}

void TerminalRelay::copy_size() const noexcept {
    signalfd_siginfo info{};
    while (::read(resized_.get(), &info, sizeof info) > 0) {
    }
    winsize size{};
    if (::ioctl(in_, TIOCGWINSZ, &size) == 0) ::ioctl(outside_.get(), TIOCSWINSZ, &size);
}

bool TerminalRelay::pass_output() const noexcept {
    char buffer[4096];
    const ssize_t got = ::read(outside_.get(), buffer, sizeof buffer);
    if (got > 0) write_fully(out_, buffer, static_cast<std::size_t>(got));
    return got > 0;
}

void TerminalRelay::pass_input() noexcept {
    char buffer[4096];
    const ssize_t got = ::read(in_, buffer, sizeof buffer);
    if (got > 0) {
        write_fully(outside_.get(), buffer, static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
        in_open_ = false;
    }
}

void TerminalRelay::copy_until_stopped() noexcept {
    while (true) {
        pollfd polls[4] = {{stop_.get(), POLLIN, 0},
                           {resized_.get(), POLLIN, 0},
                           {outside_.get(), POLLIN, 0},
                           {in_open_ ? in_ : -1, POLLIN, 0}};
        if (::poll(polls, 4, -1) < 0 && errno != EINTR) return;
        if (polls[0].revents != 0) return;
        if (polls[1].revents != 0) copy_size();
        if (polls[2].revents != 0) pass_output();
        if (polls[3].revents != 0) pass_input();
    }
}

}  // namespace hab::cli
