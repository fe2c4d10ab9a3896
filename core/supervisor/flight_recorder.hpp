// SPDX-License-Identifier: Apache-2.0
// What happened to each service lately, kept in bounded files that outlive the supervisor: `hab why`
// is made of them. A reader of the event stream.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/paths.hpp"
#include "base/value.hpp"
#include "supervisor/events.hpp"
#include "supervisor/secret_texts.hpp"

namespace hab::supervisor {

/// Where the records of all services are: NAME.jsonl, and NAME.jsonl.1 before it.
[[nodiscard]] std::filesystem::path recorder_dir(const Paths& paths);
/// The records of one service from its files, oldest first; lines that are none are left out.
/// Throws io. `service` must be a valid name.
[[nodiscard]] std::vector<Value> read_records(const std::filesystem::path& dir,
                                              const std::string& service);

struct RecorderPolicy {
    std::uint64_t file_bytes = 48 * 1024;  ///< of each of the two files of a service
    std::size_t output_lines = 8;          ///< kept of what a process or hook printed last
    std::size_t line_bytes = 256;
    /// Without news until what happened is in the file; it is there after eight times that at the
    /// latest. Where a thousand services start, each file is opened once, and not before they run.
    std::chrono::milliseconds delay{250};
    std::size_t loop_failures = 5;  ///< so many of them within `loop_time` are a crash loop
    std::chrono::milliseconds loop_time{300'000};
};

/// Loop only. Must not outlive the stream. A record is an event as /events shows it, with `run`
/// (which supervisor process wrote it), `at` (milliseconds since 1970) and, for ends of processes and
/// hooks, `output`: the last lines it printed.
class FlightRecorder {
public:
    /// Secret values of a service; nothing if they are not known (then its output is left out).
    using SecretsOf = std::function<std::optional<std::vector<std::string>>(const std::string&)>;
    /// The text that is written when a service is in a crash loop.
    using CrashText = std::function<std::string(const std::string& service)>;

    FlightRecorder(boost::asio::io_context& loop, EventStream& events, std::filesystem::path dir,
                   SecretsOf secrets, CrashText crash_text, RecorderPolicy policy = {});
    ~FlightRecorder();
    FlightRecorder(const FlightRecorder&) = delete;
    FlightRecorder& operator=(const FlightRecorder&) = delete;

    /// What is known of one service, oldest first, what is not in the file yet included.
    [[nodiscard]] std::vector<Value> records(const std::string& service);
    /// Writes what waits. What cannot be written is lost, and told once.
    void flush();

private:
    using Tail = std::vector<std::string>;
    struct State {
        std::string group;
        Tail output;                          ///< of the process
        std::map<std::string, Tail> hooks;    ///< of hooks
        std::map<std::string, int> periodic;  ///< how the hooks that run by the clock ended last
        SecretTexts secrets;                  ///< all that were seen: old output has old ones
        bool secrets_known = false;
        std::string pending;  ///< lines for the file
        std::vector<WallTime> failures;
    };

    void on_event(const Event& event);
    void on_line(const LogLine& line);
    [[nodiscard]] bool is_worth(State& state, const EventBody& body) const;
    void record(const std::string& service, State& state, const Event& event);
    void learn_secrets(const std::string& service, State& state);
    void watch_for_loops(const std::string& service, State& state, const Event& event);
    void write(const std::string& service, State& state);
    void flush_later();
    void wait_for_quiet();
    /// Writes for the next service by name, and comes back for those after it: a process that dies
    /// meanwhile does not wait for all of them.
    void write_after(const std::string& last);
    void keep(Tail& tail, std::string_view text) const;

    EventStream& events_;
    std::filesystem::path dir_;
    SecretsOf secrets_;
    CrashText crash_text_;
    RecorderPolicy policy_;
    std::string run_;  ///< of this process
    std::map<std::string, State, std::less<>> states_;
    boost::asio::steady_timer timer_;
    bool flush_due_ = false;
    unsigned waits_ = 0;     ///< since there is something to write
    bool has_news_ = false;  ///< since the last of these waits, or the writing, began
    bool lost_told_ = false;
    EventStream::Subscription subscription_;
};

}  // namespace hab::supervisor
