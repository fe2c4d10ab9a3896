// SPDX-License-Identifier: Apache-2.0
#include "supervisor/console_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "base/clock.hpp"

namespace hab::supervisor {

namespace asio = boost::asio;

namespace {

/// A pipe that poll() calls writable takes that much at once.
constexpr std::size_t atomic_piece = 4096;

bool writable(int fd, int milliseconds) {
    pollfd source{fd, POLLOUT, 0};
    return ::poll(&source, 1, milliseconds) == 1;
}

}  // namespace

ConsoleWriter::Way ConsoleWriter::prepare(int fd, UniqueFd& own) {
    struct stat about{};
    if (::fstat(fd, &about) != 0 || S_ISREG(about.st_mode)) return Way::plain;
    if (S_ISSOCK(about.st_mode)) return Way::socket;
    if (!S_ISFIFO(about.st_mode) && ::isatty(fd) != 1) return Way::plain;
    // Opened anew, the same pipe or terminal has flags of its own.
    const auto path = fmt::format("/proc/self/fd/{}", fd);
    own.reset(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    return own ? Way::own : Way::poll;
}

ConsoleWriter::ConsoleWriter(asio::io_context& loop, int fd, Missing missing)
    : loop_(loop), fd_(fd), missing_(std::move(missing)), way_(prepare(fd, own_)), watched_(loop) {}

void ConsoleWriter::write(std::string_view line) {
    if (pending_.size() + line.size() > most_kept) {
        ++dropped_;
        return;
    }
    if (dropped_ > 0) note_missing();
    pending_ += line;
    schedule();
}

void ConsoleWriter::note_missing() {
    pending_ += missing_(std::exchange(dropped_, 0));
}

/// Once per round of the loop: a service that prints a thousand lines costs one write.
void ConsoleWriter::schedule() {
    if (scheduled_) return;
    scheduled_ = true;
    asio::post(loop_, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->scheduled_ = false;
        if (!self->write_some()) self->pending_.clear();
        if (!self->pending_.empty()) self->wait();
    });
}

void ConsoleWriter::wait() {
    scheduled_ = true;
    if (!watched_.is_open()) {
        boost::system::error_code error;
        const int copy = ::fcntl(own_ ? own_.get() : fd_, F_DUPFD_CLOEXEC, 0);
        if (copy >= 0) watched_.assign(copy, error);
    }
    watched_.async_wait(asio::posix::stream_descriptor::wait_write,
                        [weak = weak_from_this()](const boost::system::error_code& error) {
                            const auto self = weak.lock();
                            if (!self) return;
                            self->scheduled_ = false;
                            if (error || !self->write_some()) self->pending_.clear();
                            if (self->pending_.empty() && self->dropped_ > 0) self->note_missing();
                            if (!self->pending_.empty()) self->wait();
                        });
}

long ConsoleWriter::put(std::string_view bytes) const {
    switch (way_) {
        case Way::plain:
            return ::write(fd_, bytes.data(), bytes.size());
        case Way::own:
            return ::write(own_.get(), bytes.data(), bytes.size());
        case Way::socket:
            return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        case Way::poll:
            break;
    }
    if (!writable(fd_, 0)) {
        errno = EAGAIN;
        return -1;
    }
    return ::write(fd_, bytes.data(), std::min(bytes.size(), atomic_piece));
}

bool ConsoleWriter::write_some() {
    std::size_t done = 0;
    bool gone = false;
    while (done < pending_.size()) {
        const auto n = put(std::string_view(pending_).substr(done));
        if (n < 0 && errno == EINTR) continue;
        // A console that has gone away must not let services down: the line is still in the stream.
        gone = n == 0 || (n < 0 && errno != EAGAIN);
        if (n <= 0) break;
        done += static_cast<std::size_t>(n);
    }
    pending_.erase(0, done);
    return !gone;
}

void ConsoleWriter::flush(std::chrono::milliseconds longest) {
    const auto deadline = SystemClock().now() + longest;
    if (dropped_ > 0) note_missing();
    while (write_some() && !pending_.empty()) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - SystemClock().now());
        if (left.count() <= 0) return;
        writable(own_ ? own_.get() : fd_, static_cast<int>(left.count()));
    }
}

}  // namespace hab::supervisor
