// SPDX-License-Identifier: Apache-2.0
// Several hosts on one machine: network namespaces on one bridge, each with its own /hab.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/run.hpp"

namespace hab::test {

/// A set of hosts 192.168.33.11, .12, … that reach each other and nothing else. Needs `ip`
/// (iproute2) and root; only inside a test world, with which everything here disappears.
class Hosts {
public:
    /// Makes `count` hosts, 1 to 200.
    explicit Hosts(int count);
    ~Hosts();
    Hosts(const Hosts&) = delete;
    Hosts& operator=(const Hosts&) = delete;

    /// "192.168.33.11" for index 0.
    [[nodiscard]] static std::string address(int index);
    /// The words that run a command on a host: network namespace, own mount namespace with the
    /// host's /hab bound to /hab.
    [[nodiscard]] std::vector<std::string> on(int index,
                                              const std::vector<std::string>& argv) const;
    /// Cuts or heals the link of one host.
    void set_link(int index, bool up) const;

private:
    [[nodiscard]] std::string name(int index) const;
    int count_;
    std::string prefix_;
    std::string hab_roots_;
};

}  // namespace hab::test
