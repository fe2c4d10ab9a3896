// SPDX-License-Identifier: Apache-2.0
// pidfd.h of glibc 2.36 lacks extern "C".
extern "C" {
#include <sys/pidfd.h>
}

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "cli/sup/commands.hpp"
#include "supervisor/sup_state.hpp"

namespace hab::cli {
namespace {

[[noreturn]] void not_running(const Paths& paths) {
    throw Error(
        ErrorCode::not_found,
        fmt::format("cannot stop the supervisor: none runs on this machine ({} is not locked)",
                    (paths.sup() / "LOCK").string()),
        "Start one with `hab sup run`.");
}

}  // namespace

int run_sup_term(Invocation& invocation) {
    const auto pid = supervisor::running_launcher(invocation.paths);
    if (!pid) not_running(invocation.paths);
    // A descriptor instead of the number: the number may be another process by the time of the
    // signal.
    const UniqueFd process(::pidfd_open(*pid, 0));
    if (!process) not_running(invocation.paths);
    if (::pidfd_send_signal(process.get(), SIGTERM, nullptr, 0) != 0) {
        throw Error::from_errno(fmt::format("cannot signal the launcher, process {}", *pid))
            .with_hint("Run this command as the user who started the supervisor, or as root.");
    }
    invocation.terminal.status(
        "Stopping", fmt::format("the supervisor and its services (launcher process {})", *pid));
    pollfd wait{process.get(), POLLIN, 0};
    while (::poll(&wait, 1, -1) < 0) {
        if (errno != EINTR) throw Error::from_errno("cannot wait for the launcher");
    }
    invocation.terminal.end("The supervisor has stopped");
    return 0;
}

}  // namespace hab::cli
