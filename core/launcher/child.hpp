// SPDX-License-Identifier: Apache-2.0
// Starting processes that outlive the supervisor which asked for them.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "launcher/messages.hpp"

namespace hab::launcher {

/// A service process just started: leader of its own session and process group, standard input
/// empty.
struct Child {
    pid_t pid = -1;
    UniqueFd out;  ///< read end of its stdout, non-blocking
    UniqueFd err;
    UniqueFd ready;  ///< read end of its readiness pipe, if it asked for one
};

/// Why a process could not be started: which step, and errno.
struct SpawnError {
    std::string what;
    int error = 0;
};

/// Throws SpawnError. When it returns, the new program's image has been executed.
[[nodiscard]] Child start_service(const Spawn& spawn);

/// Starts hab-sup with `socket` as its end of the channel and `mark` in its environment; it keeps
/// our standard streams. Throws SpawnError.
[[nodiscard]] pid_t start_supervisor(const std::vector<std::string>& argv, int socket,
                                     const std::string& mark);

}  // namespace hab::launcher
