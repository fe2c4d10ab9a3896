// SPDX-License-Identifier: Apache-2.0
#include "supervisor/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/json.hpp"

namespace hab::supervisor {
namespace {

LineStyle style_for(int fd, bool json, bool no_color) {
    if (json) return LineStyle::json;
    const char* forbidden = std::getenv("NO_COLOR");
    const bool plain = no_color || (forbidden != nullptr && *forbidden != '\0');
    return !plain && ::isatty(fd) == 1 ? LineStyle::colour : LineStyle::plain;
}

int colour_of(const LogLine& line) {
    switch (line.source) {
        case LineSource::supervisor:
            return 36;  // cyan
        case LineSource::service_out:
            return 32;  // green
        case LineSource::service_err:
            return 31;  // red
        case LineSource::hook:
            return 35;  // magenta
    }
    return 0;
}

}  // namespace

std::string format_line(const LogLine& line, LineStyle style) {
    switch (style) {
        case LineStyle::plain:
            return fmt::format("{}({}): {}", line.preamble, line.key, line.text);
        case LineStyle::colour:
            return fmt::format("\x1b[{}m{}\x1b[0m({}): {}", colour_of(line), line.preamble,
                               line.key, line.text);
        case LineStyle::json:
            break;
    }
    std::string out = "{\"preamble\":";
    append_json_string(out, line.preamble);
    out += ",\"logkey\":";
    append_json_string(out, line.key);
    out += ",\"content\":";
    append_json_string(out, line.text);
    return out + "}";
}

Console::Console(EventStream& events, bool json, bool no_color)
    : out_style_(style_for(STDOUT_FILENO, json, no_color)),
      err_style_(style_for(STDERR_FILENO, json, no_color)),
      subscription_(events.subscribe([this](const Event& event) {
          if (const auto* line = std::get_if<LogLine>(&event.body)) write(*line);
      })) {}

void Console::write(const LogLine& line) const {
    const bool to_err = line.source == LineSource::service_err;
    const std::string text = format_line(line, to_err ? err_style_ : out_style_) + "\n";
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t n = ::write(to_err ? STDERR_FILENO : STDOUT_FILENO, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        // A console that has gone away must not let services down: the line is still in the stream.
        if (n <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace hab::supervisor
