// SPDX-License-Identifier: Apache-2.0
// Places to listen on and to connect to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hab::net {

/// Host and port, or the path of a unix socket. A plain value.
struct Endpoint {
    std::string host;  ///< IPv4/IPv6 address or name, without brackets; empty for a unix socket
    std::uint16_t port = 0;  ///< 0 on a listener means: the kernel chooses
    std::string unix_path;   ///< not empty: a unix socket, host and port do not count

    /// "0.0.0.0:9631", "[::1]:9631", "host" (with `default_port`), "unix:/run/hab.sock".
    /// `what` names the option or variable in the Error(usage) that a bad text causes.
    [[nodiscard]] static Endpoint parse(std::string_view text, std::uint16_t default_port,
                                        std::string_view what);
    /// The form that parse() reads.
    [[nodiscard]] std::string to_string() const;
    bool operator==(const Endpoint&) const = default;
};

}  // namespace hab::net
