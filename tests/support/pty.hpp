// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/run.hpp"

namespace hab::test {

/// Runs a program on a pseudo-terminal of the given width, so that it believes a person is
/// watching. Everything it printed is in `out`.
RunResult run_on_pty(const std::vector<std::string>& argv, unsigned width = 80,
                     const RunOptions& options = {});

/// A conversation with a program on a pseudo-terminal: wait for a question, then type. What is typed
/// before the program asks would be shown by the terminal itself.
class PtyDialog {
public:
    explicit PtyDialog(const std::vector<std::string>& argv, const RunOptions& options = {});
    PtyDialog(const PtyDialog&) = delete;
    PtyDialog& operator=(const PtyDialog&) = delete;
    /// Kills the program if it still runs.
    ~PtyDialog();

    /// Reads until the text was printed after what earlier calls found; false when the program ended
    /// or the options' deadline passed.
    bool wait_for(const std::string& text);
    void type(const std::string& keys);
    /// Reads to the end; the exit code as in RunResult.
    int finish();
    /// Everything that was shown so far.
    [[nodiscard]] const std::string& shown() const noexcept { return shown_; }

private:
    /// False at the end or the deadline.
    bool read_more();

    UniqueFd master_;
    pid_t pid_ = -1;
    std::chrono::steady_clock::time_point deadline_;
    std::string shown_;
    std::size_t seen_ = 0;
};

}  // namespace hab::test
