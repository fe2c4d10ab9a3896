// SPDX-License-Identifier: Apache-2.0
// What stands on the supervisor's console: the log lines of the event stream.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "supervisor/console_writer.hpp"
#include "supervisor/events.hpp"

namespace hab::supervisor {

enum class LineStyle { plain, colour, json };

/// "nginx.default(O): text"; as JSON {"preamble":…,"logkey":…,"content":…}. Without line end.
[[nodiscard]] std::string format_line(const LogLine& line, LineStyle style);

/// Writes every log line that is published: lines of a service's stderr go to stderr, all others to
/// stdout. Ends its subscription with itself; must not outlive the stream. Loop only.
class Console {
public:
    Console(boost::asio::io_context& loop, EventStream& events, bool json, bool no_color);
    /// At the end of the process: gives readers a moment to take what is left.
    void flush();

private:
    void write(const LogLine& line);
    LineStyle out_style_;
    LineStyle err_style_;
    std::shared_ptr<ConsoleWriter> out_;
    std::shared_ptr<ConsoleWriter> err_;
    EventStream::Subscription subscription_;
};

}  // namespace hab::supervisor
