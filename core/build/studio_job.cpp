// SPDX-License-Identifier: Apache-2.0
#include "build/studio_job.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.hpp"

namespace hab::build {

StudioJob::StudioJob(const plugin::OpenStudio& studio, plugin::StudioExec exec,
                     std::atomic<bool>& cancel_flag)
    : studio_(studio),
      exec_(std::move(exec)),
      output_(::fcntl(exec_.stdout_fd, F_DUPFD_CLOEXEC, 3)),
      cancel_flag_(cancel_flag),
      ended_(::eventfd(0, EFD_CLOEXEC)) {
    if (!output_ || !ended_) throw Error::from_errno("cannot prepare the run in the studio");
    exec_.stdout_fd = exec_.stderr_fd = output_.get();
    cancel_flag_ = false;
    thread_ = std::thread([this] { work(); });
}

StudioJob::~StudioJob() {
    cancel_flag_ = true;
    if (thread_.joinable()) thread_.join();
}

void StudioJob::work() noexcept {
    try {
        exit_code_ = studio_.run(exec_).exit_code;
    } catch (const std::exception&) {
        failure_ = std::current_exception();
    }
    output_.reset();
    const std::uint64_t one = 1;
    // An eventfd takes eight bytes unless its counter overflows, which one write cannot do.
    [[maybe_unused]] const ssize_t written = ::write(ended_.get(), &one, sizeof(one));
}

int StudioJob::wait() {
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    return exit_code_;
}

}  // namespace hab::build
