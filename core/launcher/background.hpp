// SPDX-License-Identifier: Apache-2.0
// Running without a terminal: as a daemon, and below a service manager that wants to know when.
#pragma once

#include <string>

#include "base/unique_fd.hpp"

namespace hab::launcher {

/// Goes into the background: a child in a session of its own, standard input empty, both outputs
/// appended to `log_file`. Returns in the child only, with the descriptor for tell_up(). The parent
/// waits for that and exits 0; if the child ends before, the parent shows what it wrote to the log
/// and exits with its code. Exits 1 when the log cannot be opened.
[[nodiscard]] UniqueFd become_daemon(const std::string& log_file);

/// Lets the parent of become_daemon() go; nothing happens for an empty descriptor.
void tell_up(const UniqueFd& background);

/// NOTIFY_SOCKET of systemd, removed from the environment: it is ours and not our services'.
[[nodiscard]] std::string take_notify_socket();
/// Sends READY=1 and our process id there. Nothing happens for an empty name.
void tell_ready(const std::string& notify_socket);

}  // namespace hab::launcher
