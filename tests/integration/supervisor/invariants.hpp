// SPDX-License-Identifier: Apache-2.0
// What must hold on a machine whatever was done to its supervisor.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hab::test {

/// Every way in which the world differs just now from what the spec files ask for, a sentence each:
/// services that do not run or run in spite of their spec, processes that belong to nobody, zombies
/// of the launcher, spec files that cannot be read, temporary files, more than one hab-sup.
[[nodiscard]] std::vector<std::string> violations(pid_t launcher);

/// Waits until there are none.
[[nodiscard]] ::testing::AssertionResult all_is_well(
    pid_t launcher, std::chrono::seconds bound = std::chrono::seconds(60));

/// Live processes that a launcher, whichever it was, has started.
[[nodiscard]] std::vector<pid_t> marked_processes();

/// Open descriptors of a process.
[[nodiscard]] std::ptrdiff_t descriptors(pid_t pid);

/// Reads files over and over while faults happen. A file may be missing, but never torn.
class Readers {
public:
    using Whole = std::function<bool(const std::string&)>;
    struct File {
        std::filesystem::path path;
        Whole whole;  ///< called on the readers' thread
    };

    explicit Readers(std::vector<File> files);
    ~Readers();
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    /// What was seen that is not whole; empty is good. Ends the reading.
    [[nodiscard]] std::string torn();
    [[nodiscard]] unsigned long reads() const noexcept { return reads_; }

private:
    void loop();

    std::vector<File> files_;
    std::atomic<bool> end_{false};
    std::atomic<unsigned long> reads_{0};
    std::mutex lock_;
    std::string torn_;
    std::thread thread_;
};

}  // namespace hab::test
