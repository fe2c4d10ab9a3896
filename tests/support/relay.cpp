// SPDX-License-Identifier: Apache-2.0
#include "support/relay.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <map>
#include <string>

#include "base/entropy.hpp"
#include "base/error.hpp"

namespace hab::test {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

}  // namespace

Relay::Relay(int target, const RelayOptions& options)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw Error::from_errno("cannot bind the relay's socket");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, target, options] { work(target, options); });
}

Relay::~Relay() {
    stop_ = true;
    thread_.join();
}

void Relay::work(int target, RelayOptions options) {
    using Clock = std::chrono::steady_clock;
    SeededEntropy entropy(options.seed);
    std::multimap<Clock::time_point, std::string> waiting;
    const sockaddr_in to = loopback(target);
    while (!stop_) {
        auto now = Clock::now();
        while (!waiting.empty() && waiting.begin()->first <= now) {
            const std::string& datagram = waiting.begin()->second;
            ::sendto(socket_.get(), datagram.data(), datagram.size(), 0,
                     reinterpret_cast<const sockaddr*>(&to), sizeof to);
            waiting.erase(waiting.begin());
        }
        pollfd poll_entry{socket_.get(), POLLIN, 0};
        if (::poll(&poll_entry, 1, 1) <= 0) continue;
        char block[65536];
        const ssize_t n = ::recv(socket_.get(), block, sizeof block, 0);
        if (n < 0) continue;
        if (entropy.below(100) < options.loss_percent) {
            ++lost_;
            continue;
        }
        auto due = Clock::now() + options.delay;
        if (options.jitter.count() > 0) {
            due += std::chrono::milliseconds(
                entropy.below(static_cast<std::uint64_t>(options.jitter.count())));
        }
        waiting.emplace(due, std::string(block, static_cast<std::size_t>(n)));
    }
}

}  // namespace hab::test
