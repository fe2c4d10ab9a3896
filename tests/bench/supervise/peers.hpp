// SPDX-License-Identifier: Apache-2.0
// The supervisors that are compared, and how each is told about a number of equal services.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hab::bench {

struct Setup {
    std::filesystem::path build;    ///< our release build
    std::filesystem::path service;  ///< the program that is supervised
    std::filesystem::path fifo;     ///< where it reports
    std::filesystem::path work;     ///< where the peers have their directories
};

struct Peer {
    std::string name;
    /// Makes everything anew for that many services, with no state of an earlier run.
    std::function<void(const Setup&, std::size_t services)> prepare;
    std::function<std::vector<std::string>(const Setup&)> command;
};

/// Ours first.
std::vector<Peer> all_peers();

/// user.toml of the n-th of our services.
std::filesystem::path user_toml(std::size_t n);
/// The file that is rendered from it.
std::filesystem::path rendered(std::size_t n);

}  // namespace hab::bench
