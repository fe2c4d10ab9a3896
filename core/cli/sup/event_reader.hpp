// SPDX-License-Identifier: Apache-2.0
// Server-sent events out of bytes, and as lines for people.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace hab::cli {

struct SentEvent {
    std::string id;    ///< of this event, or the last one before
    std::string type;  ///< "message" if the server did not say
    std::string data;
};

/// Takes bytes as they come, by the rules of the HTML standard that our server's stream needs: LF or
/// CRLF, comments, several data lines.
class EventReader {
public:
    using Sink = std::function<void(const SentEvent&)>;

    void feed(std::string_view bytes, const Sink& sink);
    /// Where to go on when the connection has ended.
    [[nodiscard]] const std::string& last_id() const noexcept { return next_.id; }

private:
    void line(std::string_view text, const Sink& sink);

    std::string partial_;
    SentEvent next_;
};

/// "12:00:00.123 nginx phase from=up to=backoff reason="exited with code 1"". A log line is as on the
/// console: "12:00:00.123 nginx.default(O): text".
[[nodiscard]] std::string event_line(const Value& event);

}  // namespace hab::cli
