// SPDX-License-Identifier: Apache-2.0
#include "supervisor/output_pump.hpp"

#include <array>
#include <cerrno>
#include <utility>

namespace hab::supervisor {

namespace asio = boost::asio;

std::shared_ptr<OutputPump> OutputPump::start(asio::io_context& loop, UniqueFd fd, Sink sink,
                                              End end) {
    std::shared_ptr<OutputPump> pump(
        new OutputPump(loop, std::move(fd), std::move(sink), std::move(end)));
    pump->read();
    return pump;
}

OutputPump::OutputPump(asio::io_context& loop, UniqueFd fd, Sink sink, End end)
    : pipe_(loop, fd.release()),
      sink_(std::make_shared<const Sink>(std::move(sink))),
      end_(std::move(end)) {
    pipe_.native_non_blocking(true);
}

void OutputPump::read() {
    // Waiting instead of reading into a buffer: a thousand quiet services then hold no buffers.
    pipe_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                         if (error || !self->open_) return;
                         // Armed first: a reader of lines that throws must not leave the pipe
                         // unread.
                         self->read();
                         if (!self->read_available()) self->finish();
                     });
}

/// False at the end of the stream. One bounded piece at a time, so that a service that floods its
/// output does not keep the loop from everything else.
bool OutputPump::read_available() {
    std::array<char, 16 * 1024> buffer;
    const ssize_t n = ::read(pipe_.native_handle(), buffer.data(), buffer.size());
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    if (n == 0) return false;
    const auto sink = sink_;
    (*sink)({buffer.data(), static_cast<std::size_t>(n)});
    return true;
}

void OutputPump::drain_and_stop() {
    if (!open_) return;
    std::array<char, 16 * 1024> buffer;
    // A pipe holds 64 KiB, or 1 MiB at most: more than that is somebody who still writes.
    for (int pieces = 0; pieces < 64; ++pieces) {
        const ssize_t n = ::read(pipe_.native_handle(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        const auto sink = sink_;
        (*sink)({buffer.data(), static_cast<std::size_t>(n)});
        if (!open_) return;  // the sink stopped us
    }
    finish();
}

void OutputPump::finish() {
    if (!open_) return;
    const auto end = std::exchange(end_, nullptr);
    stop();
    if (end) end();
}

void OutputPump::stop() {
    open_ = false;
    sink_.reset();
    end_ = nullptr;
    boost::system::error_code ignored;
    pipe_.close(ignored);
}

}  // namespace hab::supervisor
