// SPDX-License-Identifier: Apache-2.0
// What people see: status lines, warnings, errors, progress. Upstream's glyphs and prefixes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hab {

/// Writes to the two standard streams of a command. Colours need a terminal without NO_COLOR and
/// HAB_NOCOLORING, redrawing one without HAB_NONINTERACTIVE. Not thread-safe: owned by the command.
class Terminal {
public:
    /// From descriptors 1 and 2 and the environment.
    Terminal();
    /// For tests: everything explicit.
    Terminal(int out_fd, int err_fd, bool is_tty, unsigned width);

    [[nodiscard]] bool is_tty() const noexcept { return is_tty_; }
    [[nodiscard]] unsigned width() const noexcept { return width_; }

    /// Raw text to stdout: what a command prints for machines and pipes. No newline added.
    void out(std::string_view text);
    /// "» text" - a piece of work begins.
    void begin(std::string_view text);
    /// "★ text" - it ended well.
    void end(std::string_view text);
    /// "→ verb text" - one step.
    void status(std::string_view verb, std::string_view text);
    /// "∅ text" on stderr.
    void warn(std::string_view text);
    /// The "✗✗✗" block on stderr: sentence and hint. The only place where a command prints its error.
    void fatal(const Error& error);

    /// Redraws one line "label 42% 3.1 MB / 7.4 MB"; on a pipe prints a line at 0, 25, 50, 75 and 100 %.
    /// `total` 0 means unknown. Units are bytes when `bytes` is true.
    void progress(std::string_view label, std::uint64_t done, std::uint64_t total, bool bytes);
    /// Ends a redrawn line, if there is one.
    void progress_end();

private:
    void write(int fd, std::string_view text);
    std::string paint(std::string_view text, int colour) const;

    int out_fd_;
    int err_fd_;
    bool is_tty_;
    bool colours_;
    unsigned width_;
    bool line_open_ = false;
    int last_quarter_ = -1;
    std::string last_label_;
    std::chrono::steady_clock::time_point last_draw_{};
};

/// "4.2 MB": decimal units, one digit after the point.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);

}  // namespace hab
