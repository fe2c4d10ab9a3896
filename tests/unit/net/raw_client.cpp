// SPDX-License-Identifier: Apache-2.0
#include "unit/net/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>

#include "base/error.hpp"

namespace hab::net::test {

RawClient::RawClient(const Endpoint& address)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(address.port);
    ::inet_pton(AF_INET, address.host.c_str(), &name.sin_addr);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
        throw Error::from_errno("cannot connect to " + address.to_string());
    }
}

void RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return;  // the server may have closed already: the test reads what it said
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void RawClient::end() {
    ::shutdown(fd_.get(), SHUT_WR);
}

std::string RawClient::read_all() {
    return read_until(std::string(1, '\0') + "never");
}

std::string RawClient::read_until(std::string_view needle) {
    std::string all;
    std::array<char, 4096> buffer;
    while (all.find(needle) == std::string::npos) {
        const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
        if (count <= 0) break;
        all.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return all;
}

}  // namespace hab::net::test
