// SPDX-License-Identifier: Apache-2.0
#include "net/listen_socket.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.hpp"

namespace hab::net {

namespace {

[[noreturn]] void fail(const Endpoint& address, int errnum) {
    const std::string tried = "cannot listen on " + address.to_string();
    if (errnum == EADDRINUSE) {
        throw Error(
            ErrorCode::conflict, tried + ": the address is already in use",
            "Stop the program that uses it (`ss -lptn` names it), or choose another address; "
            "port 0 takes a free one.");
    }
    if (errnum == EADDRNOTAVAIL) {
        throw Error(ErrorCode::invalid_input, tried + ": this machine does not have that address",
                    "`ip address` lists the addresses of this machine.");
    }
    const Error error = Error::from_errno(tried, errnum);
    if (errnum != EACCES) throw error;
    throw error.with_hint("Ports below 1024 need root.");
}

struct AddressFree {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

std::unique_ptr<addrinfo, AddressFree> resolve(const Endpoint& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int code =
        ::getaddrinfo(address.host.c_str(), fmt::format("{}", address.port).c_str(), &hints, &list);
    if (code != 0) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("cannot listen on {}: {}", address.to_string(), ::gai_strerror(code)),
            "Use an address of this machine, for example 127.0.0.1 or 0.0.0.0.");
    }
    return std::unique_ptr<addrinfo, AddressFree>(list);
}

UniqueFd new_socket(int family, const Endpoint& address) {
    UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) fail(address, errno);
    return fd;
}

/// A socket file that nobody accepts on is left over from a program that died.
bool is_stale(const sockaddr_un& name) {
    struct stat info{};
    if (::stat(name.sun_path, &info) != 0 || !S_ISSOCK(info.st_mode)) return false;
    const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto* const raw = reinterpret_cast<const sockaddr*>(&name);
    return ::connect(probe.get(), raw, sizeof name) != 0 && errno == ECONNREFUSED;
}

ListenSocket listen_unix(const Endpoint& address) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address.unix_path.data(),
                std::min(address.unix_path.size(), sizeof name.sun_path - 1));
    if (is_stale(name)) ::unlink(name.sun_path);
    UniqueFd fd = new_socket(AF_UNIX, address);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
        ::listen(fd.get(), SOMAXCONN) != 0) {
        fail(address, errno);
    }
    return {std::move(fd), AF_UNIX, address};
}

std::uint16_t bound_port(int fd, const Endpoint& address) {
    sockaddr_storage name{};
    socklen_t length = sizeof name;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) fail(address, errno);
    if (name.ss_family == AF_INET6) {
        return ntohs(reinterpret_cast<const sockaddr_in6&>(name).sin6_port);
    }
    return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
}

}  // namespace

ListenSocket open_listen_socket(const Endpoint& address) {
    if (!address.unix_path.empty()) return listen_unix(address);
    const auto list = resolve(address);
    UniqueFd fd = new_socket(list->ai_family, address);
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(fd.get(), list->ai_addr, list->ai_addrlen) != 0 ||
        ::listen(fd.get(), SOMAXCONN) != 0) {
        fail(address, errno);
    }
    Endpoint local = address;
    local.port = bound_port(fd.get(), address);
    return {std::move(fd), list->ai_family, std::move(local)};
}

}  // namespace hab::net
