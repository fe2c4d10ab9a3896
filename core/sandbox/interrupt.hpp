// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and friends as something to ask for, instead of something that happens.
#pragma once

#include <csignal>

#include "base/unique_fd.hpp"

namespace hab::sandbox {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end this process but are remembered. Make it
/// before starting threads: it works by blocking the signals, which threads inherit. Children that
/// spawn() starts have them unblocked.
class Interrupt {
public:
    Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();

    /// Whether one of them has come. From one thread at a time.
    [[nodiscard]] bool requested() noexcept;
    /// Number of the first that came, 0 if none: a command that ends because of it exits with 128 +
    /// number.
    [[nodiscard]] int signal() const noexcept { return signal_; }

private:
    sigset_t old_;
    UniqueFd fd_;
    int signal_ = 0;
};

}  // namespace hab::sandbox
