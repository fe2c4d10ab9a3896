// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

#include "base/unique_fd.hpp"

namespace hab::build {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end this process but make fd() readable. Must
/// be made before the process starts threads, which then inherit the mask. One at a time.
class Interrupts {
public:
    Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;
    ~Interrupts();

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    /// True from the first signal on.
    [[nodiscard]] bool pending() noexcept;
    /// Throws Error(cancelled) if pending().
    void check();

private:
    sigset_t before_{};
    UniqueFd fd_;
    bool seen_ = false;
};

}  // namespace hab::build
