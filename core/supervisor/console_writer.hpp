// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace hab::supervisor {

/// Writes lines to a descriptor that others share (a terminal, a pipe, a journal) and never waits
/// for whoever reads it: what is not taken is kept up to a bound, then whole lines are dropped and
/// counted. The descriptor is not made non-blocking, because that would reach the others too. Loop
/// only.
class ConsoleWriter : public std::enable_shared_from_this<ConsoleWriter> {
public:
    static constexpr std::size_t most_kept = 1 << 20;

    /// Makes the line that says how many lines are missing.
    using Missing = std::function<std::string(std::size_t lines)>;
    /// `fd` is borrowed and must stay open.
    ConsoleWriter(boost::asio::io_context& loop, int fd, Missing missing);

    /// `line` with its line end.
    void write(std::string_view line);
    /// Waits until everything is written, at most that long.
    void flush(std::chrono::milliseconds longest);

private:
    void schedule();
    void wait();
    /// Writes what goes without waiting; false if nobody will ever read it.
    bool write_some();
    void note_missing();
    [[nodiscard]] long put(std::string_view bytes) const;

    /// How to write without waiting and without changing a descriptor that others share.
    enum class Way { plain, own, socket, poll };
    static Way prepare(int fd, UniqueFd& own);

    boost::asio::io_context& loop_;
    int fd_;
    Missing missing_;
    UniqueFd own_;
    Way way_;
    boost::asio::posix::stream_descriptor watched_;
    std::string pending_;
    std::size_t dropped_ = 0;
    bool scheduled_ = false;  ///< a call of write_some() comes
};

}  // namespace hab::supervisor
