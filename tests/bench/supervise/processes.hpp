// SPDX-License-Identifier: Apache-2.0
// Processes of the benchmark's own process namespace, whose first process the benchmark is.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hab::bench {

/// All processes but the benchmark itself and those that run `service`: whoever supervises.
std::vector<pid_t> supervising(const std::filesystem::path& service);
/// Sum of the proportional set sizes, in KiB.
std::int64_t pss_kib(const std::vector<pid_t>& pids);
/// Sum of the context switches of all threads since they began.
std::int64_t switches(const std::vector<pid_t>& pids);
/// Starts a program with its output in a file.
pid_t start(const std::vector<std::string>& argv, const std::filesystem::path& log);
/// Kills everything in the namespace and waits for the end of it.
void end_everything();

}  // namespace hab::bench
