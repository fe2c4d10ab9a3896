// SPDX-License-Identifier: Apache-2.0
#include "supervisor/hook_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"

namespace hab::supervisor {

namespace asio = boost::asio;

namespace {

/// What the API shows of a hook's output.
constexpr std::size_t shown_bytes = 1024;

struct PipeEnds {
    UniqueFd read, write;
    PipeEnds() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw Error::from_errno("cannot create a pipe");
        read.reset(ends[0]);
        write.reset(ends[1]);
    }
};

UniqueFd open_log(const std::filesystem::path& path) {
    return open_file(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644);
}

ExitStatus convert(const sandbox::ExitStatus& status) {
    if (status.term_signal != 0) return {0, status.term_signal};
    return {status.exit_code, 0};
}

}  // namespace

std::shared_ptr<HookProcess> HookProcess::start(asio::io_context& loop, HookCommand command,
                                                Line line, Ended ended) {
    std::shared_ptr<HookProcess> hook(new HookProcess(loop, std::move(line), std::move(ended)));
    hook->run(std::move(command));
    return hook;
}

HookProcess::HookProcess(asio::io_context& loop, Line line, Ended ended)
    : loop_(loop), line_(std::move(line)), ended_(std::move(ended)), pidfd_(loop), timer_(loop) {}

void HookProcess::run(HookCommand command) {
    UniqueFd out_log = open_log(command.stdout_log);
    UniqueFd err_log = open_log(command.stderr_log);
    PipeEnds out, err;
    command.spec.stdio.out = out.write.get();
    command.spec.stdio.err = err.write.get();
    command.spec.new_session = true;
    command.spec.die_with_parent =
        true;  // the next supervisor knows nothing of it and runs it again
    started_ = SystemClock().now();
    process_ = sandbox::spawn(command.spec);
    result_.pid = process_.pid();
    out_ = pump(std::move(out.read), std::move(out_log), &HookResult::out, out_lines_);
    err_ = pump(std::move(err.read), std::move(err_log), &HookResult::err, err_lines_);
    pidfd_.assign(::fcntl(process_.pidfd(), F_DUPFD_CLOEXEC, 0));
    pidfd_.async_wait(asio::posix::stream_descriptor::wait_read,
                      [self = shared_from_this()](const boost::system::error_code& error) {
                          if (!error) self->on_exit();
                      });
    if (command.time_limit.count() > 0) {
        timer_.expires_after(command.time_limit);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) self->on_timeout();
        });
    }
}

std::shared_ptr<OutputPump> HookProcess::pump(UniqueFd pipe, UniqueFd log,
                                              std::string HookResult::* first,
                                              LineSplitter& lines) {
    const auto file = std::make_shared<UniqueFd>(std::move(log));
    // The pump keeps this object alive until the pipe is closed; on_exit() sees to that.
    auto sink = [self = shared_from_this(), file, first, &lines](std::string_view bytes) {
        auto& shown = self->result_.*first;
        shown.append(bytes.substr(0, shown_bytes - std::min(shown_bytes, shown.size())));
        // A full disk costs the copy in the file, not the hook: the line is in the log stream as
        // well.
        [[maybe_unused]] const auto written = ::write(file->get(), bytes.data(), bytes.size());
        lines.feed(bytes, self->line_);
    };
    return OutputPump::start(loop_, std::move(pipe), std::move(sink),
                             [self = shared_from_this(), &lines] { lines.end(self->line_); });
}

void HookProcess::on_exit() {
    const auto status = process_.try_wait();
    if (!status) return;
    timer_.cancel();
    boost::system::error_code ignored;
    pidfd_.close(ignored);
    out_->drain_and_stop();
    err_->drain_and_stop();
    result_.status = convert(*status);
    result_.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().now() - started_);
    result_.out = printable(result_.out);
    result_.err = printable(result_.err);
    if (auto ended = std::exchange(ended_, nullptr)) ended(result_);
}

void HookProcess::on_timeout() {
    result_.timed_out = true;
    process_.signal_group(SIGKILL);
}

void HookProcess::cancel() {
    ended_ = nullptr;
    line_ = [](std::string_view) {};
    timer_.cancel();
    boost::system::error_code ignored;
    pidfd_.close(ignored);
    if (out_) out_->stop();
    if (err_) err_->stop();
    if (process_.running()) process_.kill();
}

}  // namespace hab::supervisor
