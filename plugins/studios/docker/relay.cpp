// SPDX-License-Identifier: Apache-2.0
#include "relay.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace docker_studio {
namespace {

constexpr int poll_ms = 50;
constexpr std::size_t frame_head = 8;  ///< stream, three zeros, size with the big end first

void write_all(int fd, std::string_view text) {
    while (fd >= 0 && !text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;  // the reader is gone; the program goes on, as with a full pipe
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::size_t frame_size(const std::string& frames) {
    std::size_t size = 0;
    for (std::size_t i = 4; i < frame_head; ++i)
        size = size << 8 | static_cast<unsigned char>(frames[i]);
    return size;
}

/// A timer that becomes readable; none for 0.
class Deadline {
public:
    explicit Deadline(std::uint64_t ms) {
        if (ms == 0) return;
        fd_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
        itimerspec time{};
        time.it_value.tv_sec = static_cast<time_t>(ms / 1000);
        time.it_value.tv_nsec = static_cast<long>(ms % 1000) * 1'000'000;
        if (fd_ < 0 || ::timerfd_settime(fd_, 0, &time, nullptr) != 0)
            hab::sdk::raise(HAB_STATUS_IO, "cannot make a timer for the program in the container");
    }
    ~Deadline() {
        if (fd_ >= 0) ::close(fd_);
    }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_ = -1;
};

}  // namespace

Relay::Relay(const hab::sdk::StudioExec& exec, const Connection& stream,
             std::function<void(unsigned, unsigned)> resized)
    : exec_(exec), stream_(stream), resized_(std::move(resized)), input_open_(exec.stdin_fd >= 0) {
    termios now{};
    if (exec.tty && ::tcgetattr(exec.stdin_fd, &now) == 0) {
        // The container has a terminal of its own; this one only carries keys and output.
        before_ = now;
        ::cfmakeraw(&now);
        ::tcsetattr(exec.stdin_fd, TCSANOW, &now);
    }
    if (!input_open_) ::shutdown(stream.fd(), SHUT_WR);
}

Relay::~Relay() {
    if (before_) ::tcsetattr(exec_.stdin_fd, TCSANOW, &*before_);
}

void Relay::look_at_size() {
    winsize now{};
    if (!exec_.tty || ::ioctl(exec_.stdin_fd, TIOCGWINSZ, &now) != 0) return;
    if (now.ws_row == size_.ws_row && now.ws_col == size_.ws_col) return;
    size_ = now;
    resized_(now.ws_row, now.ws_col);
}

Ended Relay::run(const hab::sdk::Host& host) {
    const Deadline deadline(exec_.timeout_ms);
    take(stream_.begun());
    for (;;) {
        std::array<pollfd, 3> fds{pollfd{stream_.fd(), POLLIN, 0},
                                  pollfd{input_open_ ? exec_.stdin_fd : -1, POLLIN, 0},
                                  pollfd{deadline.fd(), POLLIN, 0}};
        if (::poll(fds.data(), fds.size(), poll_ms) < 0 && errno != EINTR)
            hab::sdk::raise(HAB_STATUS_IO, "cannot wait for the program in the container");
        if (fds[0].revents != 0 && !pass_output()) return Ended::program;
        if (fds[1].revents != 0) pass_input();
        if (host.cancelled()) return Ended::cancelled;
        if (fds[2].revents != 0) return Ended::timed_out;
        look_at_size();
    }
}

void Relay::pass_input() {
    std::array<char, 16384> chunk{};
    const ssize_t got = ::read(exec_.stdin_fd, chunk.data(), chunk.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) {
        input_open_ = false;
        ::shutdown(stream_.fd(), SHUT_WR);
        return;
    }
    std::string_view text(chunk.data(), static_cast<std::size_t>(got));
    while (!text.empty()) {
        const ssize_t sent = ::send(stream_.fd(), text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) {
            input_open_ = false;
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool Relay::pass_output() {
    std::array<char, 65536> chunk{};
    const ssize_t got = ::recv(stream_.fd(), chunk.data(), chunk.size(), 0);
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    take({chunk.data(), static_cast<std::size_t>(got)});
    return true;
}

void Relay::take(std::string_view bytes) {
    if (exec_.tty) {
        write_all(exec_.stdout_fd, bytes);
        return;
    }
    frames_ += bytes;
    while (frames_.size() >= frame_head && frames_.size() - frame_head >= frame_size(frames_)) {
        const std::size_t size = frame_size(frames_);
        const int fd = frames_[0] == 2 ? exec_.stderr_fd : exec_.stdout_fd;
        write_all(fd, std::string_view(frames_).substr(frame_head, size));
        frames_.erase(0, frame_head + size);
    }
}

}  // namespace docker_studio
