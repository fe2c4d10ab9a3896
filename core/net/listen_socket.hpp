// SPDX-License-Identifier: Apache-2.0
// Listening sockets from plain system calls: one place for "address in use" and its hint.
#pragma once

#include "base/unique_fd.hpp"
#include "net/endpoint.hpp"

namespace hab::net {

struct ListenSocket {
    UniqueFd fd;     ///< listening, non-blocking, close-on-exec, SO_REUSEADDR
    int family = 0;  ///< AF_INET, AF_INET6 or AF_UNIX
    Endpoint local;  ///< with the real port
};

/// Resolves, binds and listens. A stale unix socket file (nobody accepts on it) is replaced. Throws
/// Error(conflict) "cannot listen on ADDRESS: … in use", denied, invalid_input (unknown host) or
/// io.
[[nodiscard]] ListenSocket open_listen_socket(const Endpoint& address);

}  // namespace hab::net
