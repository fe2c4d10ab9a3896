// SPDX-License-Identifier: Apache-2.0
// Running programs from tests, and waiting for things without sleeping blindly.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace hab::test {

struct RunOptions {
    std::map<std::string, std::string> env = {};  ///< added to the test's own environment
    std::string cwd = {};
    std::string input = {};  ///< given on stdin
    std::chrono::seconds deadline{120};
};

struct RunResult {
    int exit_code = -1;  ///< 128 + signal when killed; -1 when the deadline passed
    std::string out;
    std::string err;
};

/// Runs to the end; at the deadline the process group is killed and the test's failure is in
/// exit_code.
RunResult run(const std::vector<std::string>& argv, const RunOptions& options = {});

/// A program in the background; its whole process group is killed when the object goes.
class Background {
public:
    explicit Background(const std::vector<std::string>& argv, const RunOptions& options = {});
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    ~Background();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void signal(int number) const;
    /// Exit code, or nothing when it still runs at the deadline.
    std::optional<int> wait(std::chrono::seconds deadline = std::chrono::seconds(60));
    /// Output so far (stdout and stderr interleaved).
    std::string output();

private:
    pid_t pid_ = -1;
    std::string log_path_;
    std::optional<int> exit_code_;
};

/// Polls until `condition` holds; false when the deadline passed. Generous by default: machines are
/// slow.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds deadline = std::chrono::seconds(60));

/// A port that nothing listens on right now (loopback, TCP).
int free_port();

/// Answer of a plain HTTP/1.1 GET to 127.0.0.1; status 0 when nothing answered.
struct HttpAnswer {
    int status = 0;
    std::string headers;
    std::string body;
};
HttpAnswer http_get(int port, const std::string& path, const std::string& extra_headers = {});

}  // namespace hab::test
