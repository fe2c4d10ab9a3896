// SPDX-License-Identifier: Apache-2.0
// What the tests of the gossip sockets share.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "ring/address.hpp"

namespace hab::test {

inline const ring::IpAddress loopback = ring::IpAddress::v4(127, 0, 0, 1);
/// Any port of loopback.
inline const ring::Endpoint anywhere{loopback, 0};

/// Runs the loop until the condition holds; false after 20 s.
template <typename Condition>
bool run_until(boost::asio::io_context& loop, Condition&& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        loop.restart();
        loop.run_one_for(std::chrono::milliseconds(50));
    }
    return true;
}

/// A plain connected socket, for peers that break the rules.
inline UniqueFd connect_to(const ring::Endpoint& to) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return fd;
}

inline void say(const UniqueFd& fd, std::string_view bytes) {
    EXPECT_EQ(::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
}

}  // namespace hab::test
