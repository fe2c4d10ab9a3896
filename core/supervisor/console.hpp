// SPDX-License-Identifier: Apache-2.0
// What stands on the supervisor's console: the log lines of the event stream.
#pragma once

#include <string>

#include "supervisor/events.hpp"

namespace hab::supervisor {

enum class LineStyle { plain, colour, json };

/// "nginx.default(O): text"; as JSON {"preamble":…,"logkey":…,"content":…}. Without line end.
[[nodiscard]] std::string format_line(const LogLine& line, LineStyle style);

/// Writes every log line that is published: lines of a service's stderr go to stderr, all others to
/// stdout. Ends its subscription with itself; must not outlive the stream.
class Console {
public:
    Console(EventStream& events, bool json, bool no_color);

private:
    void write(const LogLine& line) const;
    LineStyle out_style_;
    LineStyle err_style_;
    EventStream::Subscription subscription_;
};

}  // namespace hab::supervisor
