// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string_view>

#include "base/unique_fd.hpp"

namespace hab::supervisor {

/// Reads a pipe on the loop and hands over what comes. Lives by itself until the pipe's last writer
/// is gone or stop() is called.
class OutputPump : public std::enable_shared_from_this<OutputPump> {
public:
    using Sink = std::function<void(std::string_view bytes)>;
    using End = std::function<void()>;

    /// Takes the descriptor and makes it non-blocking.
    [[nodiscard]] static std::shared_ptr<OutputPump> start(boost::asio::io_context& loop,
                                                           UniqueFd fd, Sink sink, End end);
    /// Takes what is in the pipe now and stops: children that a program left behind may hold the
    /// other end open for ever.
    void drain_and_stop();
    /// Stops without another call of sink or end.
    void stop();

private:
    OutputPump(boost::asio::io_context& loop, UniqueFd fd, Sink sink, End end);
    void read();
    bool read_available();
    void finish();

    boost::asio::posix::stream_descriptor pipe_;
    /// Shared: a call under way keeps it while stop() lets go of it (and so of what it captured).
    std::shared_ptr<const Sink> sink_;
    End end_;
    bool open_ = true;
};

}  // namespace hab::supervisor
