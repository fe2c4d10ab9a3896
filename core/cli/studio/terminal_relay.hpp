// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <termios.h>

#include <thread>

#include "base/unique_fd.hpp"

namespace hab::cli {

/// Between the user's terminal and a program with a terminal of its own: the program gets a new
/// pseudo terminal, so that it can neither read what is typed later nor push characters into the
/// user's shell. A thread copies both ways and passes changes of size on. The user's terminal is as
/// before when it goes.
class TerminalRelay {
public:
    /// `in` must be a terminal; both stay the caller's.
    TerminalRelay(int in, int out);
    TerminalRelay(const TerminalRelay&) = delete;
    TerminalRelay& operator=(const TerminalRelay&) = delete;
    ~TerminalRelay();

    /// The program's side, for its three standard streams.
    [[nodiscard]] int inside() const noexcept { return inside_.get(); }

private:
    void copy_until_stopped() noexcept;
    void copy_size() const noexcept;
    bool pass_output() const noexcept;
    void pass_input() noexcept;

    int in_;
    int out_;
    termios before_{};
    UniqueFd outside_;
    UniqueFd inside_;
    UniqueFd stop_;
    UniqueFd resized_;
    bool in_open_ = true;
    std::thread copier_;
};

}  // namespace hab::cli
