// SPDX-License-Identifier: Apache-2.0
#include "net/endpoint.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hab::net {

namespace {

[[noreturn]] void bad_address(std::string_view text, std::string_view what, std::string_view why) {
    throw Error(ErrorCode::usage, fmt::format("invalid address '{}' for {}: {}", text, what, why),
                "Write HOST:PORT, for example 127.0.0.1:9631 or [::1]:9631.");
}

std::uint16_t parse_port(std::string_view port, std::string_view text, std::string_view what) {
    const auto number = parse_u64(port);
    if (!number || *number > 65535) {
        bad_address(text, what, fmt::format("'{}' is not a port (0 to 65535)", port));
    }
    return static_cast<std::uint16_t>(*number);
}

Endpoint parse_unix(std::string_view path, std::string_view text, std::string_view what) {
    if (path.empty()) bad_address(text, what, "the path of the socket is missing");
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
        bad_address(text, what,
                    fmt::format("a socket path has at most {} characters",
                                sizeof(sockaddr_un::sun_path) - 1));
    }
    Endpoint endpoint;
    endpoint.unix_path = path;
    return endpoint;
}

}  // namespace

Endpoint Endpoint::parse(std::string_view text, std::uint16_t default_port, std::string_view what) {
    constexpr std::string_view unix_scheme = "unix:";
    if (text.starts_with(unix_scheme)) {
        return parse_unix(text.substr(unix_scheme.size()), text, what);
    }
    Endpoint endpoint;
    endpoint.port = default_port;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) bad_address(text, what, "the ']' is missing");
        endpoint.host = text.substr(1, close - 1);
        rest = text.substr(close + 1);
        if (!rest.empty() && rest.front() != ':') {
            bad_address(text, what, "only ':PORT' may follow the ']'");
        }
    } else {
        const auto colon = text.find(':');
        if (colon != text.rfind(':')) {
            bad_address(text, what, "an IPv6 address must be in brackets");
        }
        endpoint.host = text.substr(0, colon);
        if (colon != std::string_view::npos) rest = text.substr(colon);
    }
    if (endpoint.host.empty()) bad_address(text, what, "the host is missing");
    if (!rest.empty()) endpoint.port = parse_port(rest.substr(1), text, what);
    return endpoint;
}

std::string Endpoint::to_string() const {
    if (!unix_path.empty()) return "unix:" + unix_path;
    const bool v6 = host.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace hab::net
