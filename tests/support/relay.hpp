// SPDX-License-Identifier: Apache-2.0
// A UDP relay that delays, reorders and loses datagrams: the kernel here has no netem.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "base/unique_fd.hpp"

namespace hab::test {

struct RelayOptions {
    std::chrono::milliseconds delay{0};
    std::chrono::milliseconds jitter{
        0};  ///< added at random; more than the gap of datagrams reorders them
    unsigned loss_percent = 0;
    std::uint64_t seed = 1;
};

/// Forwards every datagram that arrives at port() to 127.0.0.1:`target`, one way. Own thread, ends
/// with the object.
class Relay {
public:
    Relay(int target, const RelayOptions& options);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(); }

private:
    void work(int target, RelayOptions options);

    UniqueFd socket_;
    int port_ = 0;
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> lost_{0};
    std::thread thread_;
};

}  // namespace hab::test
