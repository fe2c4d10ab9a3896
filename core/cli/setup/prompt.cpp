// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/prompt.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::cli {
namespace {

constexpr std::size_t max_answer = 4096;
constexpr char control_c = 3;
constexpr char control_d = 4;
constexpr char control_h = 8;
constexpr char control_u = 21;
constexpr char rubout = 127;

/// A terminal that shows nothing and hands over every key at once, ^C included: a signal that ended
/// the program here would leave the shell behind it blind.
class Hidden {
public:
    explicit Hidden(int fd) : fd_(fd) {
        if (::tcgetattr(fd_, &before_) != 0) {
            throw Error::from_errno("cannot stop the terminal from showing what is typed");
        }
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
        hidden.c_cc[VMIN] = 1;
        hidden.c_cc[VTIME] = 0;
        // What was typed ahead has been shown already: it is thrown away.
        if (::tcsetattr(fd_, TCSAFLUSH, &hidden) != 0) {
            throw Error::from_errno("cannot stop the terminal from showing what is typed");
        }
    }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;
    ~Hidden() { ::tcsetattr(fd_, TCSADRAIN, &before_); }

private:
    int fd_;
    termios before_{};
};

/// Takes the last character off, all its bytes.
void rub_out(std::string& text) {
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.back());
        text.pop_back();
        if ((byte & 0xc0) != 0x80) return;
    }
}

void require_room(const std::string& line) {
    if (line.size() < max_answer) return;
    throw Error(ErrorCode::invalid_input,
                fmt::format("an answer is longer than {} characters", max_answer),
                "check what standard input is");
}

}  // namespace

Prompt::Prompt(int fd, Terminal& terminal)
    : fd_(fd), terminal_(terminal), person_(::isatty(fd) == 1) {}

std::optional<char> Prompt::read_char() {
    for (;;) {
        char c = 0;
        const ssize_t n = ::read(fd_, &c, 1);
        if (n == 1) return c;
        if (n == 0) return std::nullopt;
        if (errno != EINTR) throw Error::from_errno("cannot read an answer from standard input");
    }
}

std::optional<std::string> Prompt::read_line() {
    std::string line;
    for (;;) {
        const auto c = read_char();
        if (!c) return line.empty() ? std::nullopt : std::optional(line);
        if (*c == '\n') return line;
        require_room(line);
        line += *c;
    }
}

std::optional<std::string> Prompt::read_hidden() {
    std::string line;
    for (;;) {
        const auto c = read_char();
        if (!c || (*c == control_d && line.empty())) return std::nullopt;
        switch (*c) {
            case '\r':
            case '\n':
            case control_d:
                return line;
            case control_c:
                throw Error(ErrorCode::cancelled, "the setup was interrupted: nothing was written");
            case control_h:
            case rubout:
                rub_out(line);
                break;
            case control_u:
                line.clear();
                break;
            default:
                require_room(line);
                line += *c;
        }
    }
}

std::optional<std::string> Prompt::ask(std::string_view question) {
    terminal_.out(fmt::format("{}: ", question));
    const auto line = read_line();
    if (!person_) terminal_.out("\n");  // a pipe does not show the answer's end of line
    if (!line || trim(*line).empty()) return std::nullopt;
    return std::string(trim(*line));
}

std::optional<std::string> Prompt::ask_secret(std::string_view question) {
    std::optional<Hidden> hidden;
    if (person_) hidden.emplace(fd_);  // before the question: the answer may come at once
    terminal_.out(fmt::format("{} (not shown): ", question));
    const auto line = person_ ? read_hidden() : read_line();
    terminal_.out("\n");
    if (!line || trim(*line).empty()) return std::nullopt;
    return std::string(trim(*line));
}

bool Prompt::agree(std::string_view question, bool fallback) {
    for (;;) {
        terminal_.out(fmt::format("{} [{}]: ", question, fallback ? "Y/n" : "y/N"));
        const auto line = read_line();
        if (!person_) terminal_.out("\n");
        if (!line) return false;
        const std::string answer = to_lower(trim(*line));
        if (answer.empty()) return fallback;
        if (answer == "y" || answer == "yes") return true;
        if (answer == "n" || answer == "no") return false;
        if (!person_) {
            throw Error(ErrorCode::usage, fmt::format("'{}' is neither yes nor no", answer),
                        fmt::format("the question was: {}", question));
        }
    }
}

}  // namespace hab::cli
