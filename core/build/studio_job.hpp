// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <exception>
#include <thread>

#include "build/place.hpp"
#include "plugin/studio.hpp"

namespace hab::build {

/// One run in a studio. Plugins block until the program has ended, so the call has its own thread.
class StudioJob final : public Job {
public:
    /// `studio` and `cancel_flag` are borrowed; the flag is what the plugin's host asks. The output
    /// descriptor is duplicated.
    StudioJob(const plugin::OpenStudio& studio, plugin::StudioExec exec,
              std::atomic<bool>& cancel_flag);
    /// Kills what runs and waits for the plugin.
    ~StudioJob() override;

    [[nodiscard]] int ended_fd() const noexcept override { return ended_.get(); }
    [[nodiscard]] int wait() override;
    void cancel() override { cancel_flag_ = true; }

private:
    void work() noexcept;

    const plugin::OpenStudio& studio_;
    plugin::StudioExec exec_;
    UniqueFd output_;
    std::atomic<bool>& cancel_flag_;
    UniqueFd ended_;
    int exit_code_ = 1;           // written by the thread, read after join
    std::exception_ptr failure_;  // the same
    std::thread thread_;
};

}  // namespace hab::build
