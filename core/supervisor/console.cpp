// SPDX-License-Identifier: Apache-2.0
#include "supervisor/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

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

ConsoleWriter::Missing missing_in(LineStyle style) {
    return [style](std::size_t lines) {
        return format_line(LogLine{LineSource::supervisor, "hab-sup", "MR",
                                   fmt::format("{} lines are missing here: nobody read the console",
                                               lines)},
                           style) +
               "\n";
    };
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

Console::Console(boost::asio::io_context& loop, EventStream& events, bool json, bool no_color)
    : out_style_(style_for(STDOUT_FILENO, json, no_color)),
      err_style_(style_for(STDERR_FILENO, json, no_color)),
      out_(std::make_shared<ConsoleWriter>(loop, STDOUT_FILENO, missing_in(out_style_))),
      err_(std::make_shared<ConsoleWriter>(loop, STDERR_FILENO, missing_in(err_style_))),
      subscription_(events.subscribe([this](const Event& event) {
          if (const auto* line = std::get_if<LogLine>(&event.body)) write(*line);
      })) {}

void Console::write(const LogLine& line) {
    const bool to_err = line.source == LineSource::service_err;
    const auto& writer = to_err ? err_ : out_;
    writer->write(format_line(line, to_err ? err_style_ : out_style_) + "\n");
}

void Console::flush() {
    constexpr std::chrono::milliseconds patience{500};
    out_->flush(patience);
    err_->flush(patience);
}

}  // namespace hab::supervisor
