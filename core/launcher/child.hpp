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
    UniqueFd pidfd;
    UniqueFd out;  ///< read end of its stdout, non-blocking
    UniqueFd err;
};

/// Why a process could not be started: which step, and errno.
struct SpawnError {
    std::string what;
    int error = 0;
};

/// Throws SpawnError. When it returns, the new program's image has been executed.
[[nodiscard]] Child start_service(const Spawn& spawn);

/// Starts hab-sup with `socket` as its end of the channel; it keeps our standard streams and
/// environment. Throws SpawnError.
[[nodiscard]] pid_t start_supervisor(const std::vector<std::string>& argv, int socket);

}  // namespace hab::launcher
