// SPDX-License-Identifier: Apache-2.0
// One run of one hook, on the loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sandbox/process.hpp"
#include "sandbox/spec.hpp"
#include "supervisor/line_splitter.hpp"
#include "supervisor/output_pump.hpp"
#include "supervisor/service_state.hpp"

namespace hab::supervisor {

/// What a hook is run with.
struct HookCommand {
    sandbox::Spec spec;                ///< stdio is filled here
    std::filesystem::path stdout_log;  ///< emptied at each run
    std::filesystem::path stderr_log;
    std::chrono::milliseconds time_limit{0};
};

struct HookResult {
    ExitStatus status;
    bool timed_out = false;
    std::string out;  ///< first KiB of each stream
    std::string err;
    std::int64_t pid = 0;  ///< 0: it was never started
    std::chrono::milliseconds duration{0};
};

/// Kills its process group when it goes before the end. Callbacks come on the loop, `ended` exactly
/// once unless cancelled.
class HookProcess : public std::enable_shared_from_this<HookProcess> {
public:
    using Line = std::function<void(std::string_view line)>;
    using Ended = std::function<void(const HookResult&)>;

    /// Throws what sandbox::spawn and opening the log files throw.
    [[nodiscard]] static std::shared_ptr<HookProcess> start(boost::asio::io_context& loop,
                                                            HookCommand command, Line line,
                                                            Ended ended);
    [[nodiscard]] std::int64_t pid() const noexcept { return process_.pid(); }
    /// Kills it; no callback comes any more.
    void cancel();

private:
    HookProcess(boost::asio::io_context& loop, Line line, Ended ended);
    void run(HookCommand command);
    std::shared_ptr<OutputPump> pump(UniqueFd pipe, UniqueFd log, std::string HookResult::* first,
                                     LineSplitter& lines);
    void on_exit();
    void on_timeout();

    boost::asio::io_context& loop_;
    Line line_;
    Ended ended_;
    sandbox::Process process_;
    boost::asio::posix::stream_descriptor pidfd_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<OutputPump> out_, err_;
    LineSplitter out_lines_, err_lines_;
    HookResult result_;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace hab::supervisor
