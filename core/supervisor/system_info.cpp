// SPDX-License-Identifier: Apache-2.0
#include "supervisor/system_info.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/unique_fd.hpp"

namespace hab::supervisor {

std::string default_ip_address() {
    const std::string fallback = "127.0.0.1";
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket) return fallback;
    // Connecting a datagram socket only asks the routing table; the address is of a block that is
    // reserved for documentation (RFC 5737).
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    ::inet_pton(AF_INET, "192.0.2.1", &address.sin_addr);
    socklen_t size = sizeof address;
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return fallback;
    }
    std::array<char, INET_ADDRSTRLEN> text{};
    if (::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size()) == nullptr)
        return fallback;
    return text.data();
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    return name.data();
}

}  // namespace hab::supervisor
