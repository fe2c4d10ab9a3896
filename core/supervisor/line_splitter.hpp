// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hab::supervisor {

/// Cuts a stream of bytes into lines. A line longer than the bound is cut there; carriage returns
/// before a line end go away; bytes that are no UTF-8 become U+FFFD, so that every reader of events
/// gets text.
class LineSplitter {
public:
    using Sink = std::function<void(std::string_view line)>;
    static constexpr std::size_t longest = 64 * 1024;

    void feed(std::string_view bytes, const Sink& sink);
    /// The stream has ended: what has no line end yet is a line too.
    void end(const Sink& sink);

private:
    static void emit(std::string_view line, const Sink& sink);
    std::string partial_;
};

/// Each byte that is not part of valid UTF-8, and each control character but tab, newline and
/// escape, as U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace hab::supervisor
