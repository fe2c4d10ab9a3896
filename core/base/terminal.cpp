// SPDX-License-Identifier: Apache-2.0
#include "base/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "base/env_flag.hpp"

namespace hab {
namespace {

constexpr int cyan = 36;
constexpr int green = 32;
constexpr int yellow = 33;
constexpr int red = 31;

/// The signs before lines. Asked for at every line, so that a test can turn the variable.
struct Glyphs {
    std::string_view begin, end, status, warn, fatal;
};
constexpr Glyphs full_glyphs = {"»", "★", "→", "∅", "✗✗✗"};
constexpr Glyphs limited_glyphs = {"»", "*", ">", "!", "xxx"};  // Latin-1
constexpr Glyphs ascii_glyphs = {">>", "*", "->", "!", "xxx"};

/// HAB_GLYPH_STYLE: full (also for anything unknown), limited or ascii.
const Glyphs& glyphs() {
    const char* value = std::getenv("HAB_GLYPH_STYLE");
    const std::string_view style = value == nullptr ? "" : value;
    if (style == "limited") return limited_glyphs;
    return style == "ascii" ? ascii_glyphs : full_glyphs;
}

unsigned width_of(int fd) {
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
}

}  // namespace

Terminal::Terminal()
    : out_fd_(STDOUT_FILENO),
      err_fd_(STDERR_FILENO),
      is_tty_(::isatty(STDOUT_FILENO) == 1),
      colours_(is_tty_ && !says_true("NO_COLOR") && !says_true("HAB_NOCOLORING")),
      width_(width_of(STDOUT_FILENO)) {}

Terminal::Terminal(int out_fd, int err_fd, bool is_tty, unsigned width)
    : out_fd_(out_fd), err_fd_(err_fd), is_tty_(is_tty), colours_(false), width_(width) {}

void Terminal::write(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;  // nobody reads any more; the command's exit code still tells the story
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

std::string Terminal::paint(std::string_view text, int colour) const {
    return colours_ ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : std::string(text);
}

void Terminal::out(std::string_view text) {
    write(out_fd_, text);
}

void Terminal::begin(std::string_view text) {
    progress_end();
    write(out_fd_, paint(fmt::format("{} {}", glyphs().begin, text), yellow) + "\n");
}

void Terminal::end(std::string_view text) {
    progress_end();
    write(out_fd_, paint(fmt::format("{} {}", glyphs().end, text), cyan) + "\n");
}

void Terminal::status(std::string_view verb, std::string_view text) {
    progress_end();
    write(out_fd_,
          fmt::format("{} {}\n", paint(fmt::format("{} {}", glyphs().status, verb), green), text));
}

void Terminal::warn(std::string_view text) {
    progress_end();
    write(err_fd_, paint(fmt::format("{} {}", glyphs().warn, text), yellow) + "\n");
}

void Terminal::fatal(const Error& error) {
    progress_end();
    const std::string_view mark = glyphs().fatal;
    std::string block = fmt::format("{}\n{} {}\n", mark, mark, error.message());
    if (!error.hint().empty()) block += fmt::format("{} hint: {}\n", mark, error.hint());
    write(err_fd_, paint(fmt::format("{}{}", block, mark), red) + "\n");
}

void Terminal::progress(std::string_view label, std::uint64_t done, std::uint64_t total,
                        bool bytes) {
    const auto amount = [&](std::uint64_t n) { return bytes ? human_bytes(n) : fmt::to_string(n); };
    if (label != last_label_) {
        progress_end();
        last_label_ = label;
        last_quarter_ = -1;
    }
    const int percent = total == 0 ? 0 : static_cast<int>(done * 100 / total);
    const std::string text =
        total == 0 ? fmt::format("{} {}", label, amount(done))
                   : fmt::format("{} {:3}% {} / {}", label, percent, amount(done), amount(total));
    if (!is_tty_ || says_true("HAB_NONINTERACTIVE")) {
        if (total == 0 || percent / 25 == last_quarter_) return;
        last_quarter_ = percent / 25;
        write(out_fd_, text + "\n");
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (line_open_ && done != total && now - last_draw_ < std::chrono::milliseconds(50)) return;
    last_draw_ = now;
    line_open_ = true;
    write(out_fd_, fmt::format("\r{:.{}}\x1b[K", text, width_ > 1 ? width_ - 1 : 1));
}

void Terminal::progress_end() {
    if (line_open_) write(out_fd_, "\n");
    line_open_ = false;
    last_label_.clear();
}

std::string human_bytes(std::uint64_t bytes) {
    static constexpr std::array units = {"B", "kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1000 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace hab
