// SPDX-License-Identifier: Apache-2.0
// No iostream and no fmt: they would double the size of the static program.
#include "launcher/report.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hab::launcher {

void report(const std::string& text) noexcept {
    const std::string line = "hab-launch(LR): " + text + "\n";
    // A console that is gone, or that nobody reads, is no reason to let services down.
    pollfd console{STDERR_FILENO, POLLOUT, 0};
    if (::poll(&console, 1, 0) != 1) return;
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

std::string describe_status(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        return "was terminated by signal " + std::to_string(WTERMSIG(wait_status));
    }
    return "exited with code " + std::to_string(WEXITSTATUS(wait_status));
}

}  // namespace hab::launcher
