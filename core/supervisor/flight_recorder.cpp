// SPDX-License-Identifier: Apache-2.0
#include "supervisor/flight_recorder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/strings.hpp"
#include "supervisor/http/event_json.hpp"

namespace hab::supervisor {
namespace {

namespace fs = std::filesystem;

/// Values of configurations and output of services: not for everybody.
constexpr mode_t record_mode = 0640;
/// More than a file holds: something else wrote there.
constexpr std::size_t largest_file = 1u << 20;
/// What waits for a file that cannot be written.
constexpr std::size_t most_pending = 64 * 1024;

fs::path record_file(const fs::path& dir, const std::string& service) {
    return dir / (service + ".jsonl");
}

void read_lines(std::string_view text, std::vector<Value>& out) {
    for (const std::string_view line : split(text, '\n')) {
        if (line.empty()) continue;
        try {
            Value record = parse_json(line, "record");
            if (record.as_object() != nullptr) out.push_back(std::move(record));
        } catch (const Error& error) {
            // The end of what a supervisor wrote that was killed.
            log::debug("supervisor", "{}", error.message());
        }
    }
}

/// "init" of "redis.default hook[init]:".
std::string hook_of(std::string_view preamble) {
    const auto open = preamble.find("hook[");
    const auto close = preamble.rfind(']');
    if (open == std::string_view::npos || close == std::string_view::npos) return {};
    return std::string(preamble.substr(open + 5, close - open - 5));
}

bool is_periodic(std::string_view hook) {
    return hook == "health-check" || hook == "ready";
}

Value lines_of(const std::vector<std::string>& tail) {
    Array lines;
    for (const std::string& line : tail)
        lines.emplace_back(line);
    return lines;
}

}  // namespace

fs::path recorder_dir(const Paths& paths) {
    return paths.sup() / "data" / "why";
}

std::vector<Value> read_records(const fs::path& dir, const std::string& service) {
    std::vector<Value> out;
    const fs::path file = record_file(dir, service);
    read_lines(read_file_if_exists(file.string() + ".1", largest_file).value_or(""), out);
    read_lines(read_file_if_exists(file, largest_file).value_or(""), out);
    return out;
}

FlightRecorder::FlightRecorder(boost::asio::io_context& loop, EventStream& events, fs::path dir,
                               SecretsOf secrets, CrashText crash_text, RecorderPolicy policy)
    : events_(events),
      dir_(std::move(dir)),
      secrets_(std::move(secrets)),
      crash_text_(std::move(crash_text)),
      policy_(policy),
      timer_(loop),
      subscription_(events.subscribe([this](const Event& event) { on_event(event); })) {}

FlightRecorder::~FlightRecorder() {
    flush();
}

void FlightRecorder::keep(Tail& tail, std::string_view text) const {
    if (policy_.output_lines == 0) return;
    if (tail.size() == policy_.output_lines) tail.erase(tail.begin());
    std::size_t end = std::min(text.size(), policy_.line_bytes);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
        --end;
    tail.emplace_back(text.substr(0, end));
    if (end < text.size()) tail.back() += "…";
}

void FlightRecorder::on_line(const LogLine& line) {
    if (line.source == LineSource::supervisor) return;
    const std::string_view preamble(line.preamble);
    const auto found = states_.find(preamble.substr(0, preamble.find('.')));
    if (found == states_.end()) return;
    State& state = found->second;
    Tail& tail = line.source == LineSource::hook ? state.hooks[hook_of(preamble)] : state.output;
    // Before it is cut: half a secret would not be found any more.
    keep(tail, line.text.size() > policy_.line_bytes ? state.secrets.hide(line.text) : line.text);
}

void FlightRecorder::on_event(const Event& event) {
    if (const auto* const line = std::get_if<LogLine>(&event.body)) {
        on_line(*line);
        return;
    }
    const std::string service(http::event_service(event.body));
    if (service.empty()) {
        flush();  // the supervisor stops
        return;
    }
    State& state = states_[service];
    if (const auto* const loaded = std::get_if<ServiceLoaded>(&event.body)) {
        state.group = loaded->group;
    }
    if (is_worth(state, event.body)) record(service, state, event);
    if (std::holds_alternative<ServiceUnloaded>(event.body)) {
        write(service, state);
        states_.erase(service);
        return;
    }
    watch_for_loops(service, state, event);
}

/// Leaves out what comes by the clock and tells nothing new.
bool FlightRecorder::is_worth(State& state, const EventBody& body) const {
    if (const auto* const started = std::get_if<HookStarted>(&body)) {
        state.hooks[started->hook].clear();
        return !is_periodic(started->hook);
    }
    if (const auto* const ended = std::get_if<HookEnded>(&body)) {
        if (!is_periodic(ended->hook)) return true;
        const int how = ended->timed_out ? -1 : ended->status.code + 1000 * ended->status.signal;
        const auto [at, first] = state.periodic.try_emplace(ended->hook, how);
        return std::exchange(at->second, how) != how || first;
    }
    if (const auto* const rendered = std::get_if<ConfigRendered>(&body)) {
        const bool everything = rendered->changed.empty() || rendered->changed.front().empty();
        return !rendered->written.empty() || !everything;
    }
    return true;
}

void FlightRecorder::learn_secrets(const std::string& service, State& state) {
    const auto secrets = secrets_(service);
    if (!secrets) return;
    state.secrets_known = true;
    state.secrets.add(*secrets);
}

void FlightRecorder::record(const std::string& service, State& state, const Event& event) {
    if (run_.empty()) run_ = fmt::format("{:x}", event.time.time_since_epoch().count());
    learn_secrets(service, state);
    Value json = http::event_json(event);
    Object& object = *json.as_object();
    object.set("run", run_);
    object.set("at", static_cast<std::int64_t>(event.time.time_since_epoch().count()));
    if (const auto* const ended = std::get_if<HookEnded>(&event.body)) {
        const auto tail = state.hooks.extract(ended->hook);
        if (!tail.empty() && state.secrets_known) object.set("output", lines_of(tail.mapped()));
    } else if (std::holds_alternative<ProcessExited>(event.body)) {
        const Tail tail = std::exchange(state.output, {});
        if (state.secrets_known) object.set("output", lines_of(tail));
    }
    if (state.pending.size() > most_pending) return;
    state.pending += to_json(state.secrets.hide(std::move(json))) + "\n";
    flush_later();
}

void FlightRecorder::watch_for_loops(const std::string& service, State& state, const Event& event) {
    const auto* const exited = std::get_if<ProcessExited>(&event.body);
    const auto* const hook = std::get_if<HookEnded>(&event.body);
    const bool crashed = exited != nullptr && event.cause == 0 && !exited->status.ok();
    const bool init_failed =
        hook != nullptr && hook->hook == "init" && (!hook->status.ok() || hook->timed_out);
    if (!crashed && !init_failed) return;
    state.failures.push_back(event.time);
    std::erase_if(state.failures,
                  [&](const WallTime& time) { return event.time - time > policy_.loop_time; });
    if (state.failures.size() < policy_.loop_failures) return;
    const auto times = state.failures.size();
    state.failures.clear();
    const fs::path file = dir_ / (service + ".crash.txt");
    try {
        make_directories(dir_, 0750);
        WriteOptions options;
        options.mode = record_mode;
        write_file_atomic(file, crash_text_(service), options);
    } catch (const Error& error) {
        log::warn("supervisor", "{}", error.message());
        return;
    }
    const auto text =
        fmt::format("It failed {} times in short order; `hab why {}` or {} tells more", times,
                    service, file.string());
    events_.publish(LogLine{LineSource::supervisor, state.group, "SV", text});
}

void FlightRecorder::flush_later() {
    has_news_ = true;
    if (std::exchange(flush_due_, true)) return;
    waits_ = 0;
    wait_for_quiet();
}

void FlightRecorder::wait_for_quiet() {
    constexpr unsigned most_waits = 8;
    has_news_ = false;
    ++waits_;
    timer_.expires_after(policy_.delay);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        if (has_news_ && waits_ < most_waits) {
            wait_for_quiet();
        } else {
            has_news_ = false;
            write_after({});
        }
    });
}

void FlightRecorder::write_after(const std::string& last) {
    auto next = states_.upper_bound(last);
    while (next != states_.end() && next->second.pending.empty())
        ++next;
    if (next == states_.end()) {
        flush_due_ = false;
        if (has_news_) flush_later();
        return;
    }
    const std::string name = next->first;
    write(name, next->second);
    timer_.expires_after({});
    timer_.async_wait([this, name](const boost::system::error_code& error) {
        if (!error) write_after(name);
    });
}

void FlightRecorder::flush() {
    flush_due_ = false;
    timer_.cancel();
    for (auto& [service, state] : states_)
        write(service, state);
}

void FlightRecorder::write(const std::string& service, State& state) {
    if (state.pending.empty()) return;
    const fs::path file = record_file(dir_, service);
    try {
        make_directories(dir_, 0750);
        const UniqueFd fd =
            open_file(file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, record_mode);
        write_all(fd.get(), state.pending, file.string());
        state.pending = {};  // not clear(): its memory is given back
        struct stat about{};
        if (::fstat(fd.get(), &about) == 0 &&
            static_cast<std::uint64_t>(about.st_size) >= policy_.file_bytes) {
            rename_path(file, file.string() + ".1");
        }
        lost_told_ = false;
    } catch (const Error& error) {
        if (!std::exchange(lost_told_, true)) log::warn("supervisor", "{}", error.message());
    }
}

std::vector<Value> FlightRecorder::records(const std::string& service) {
    auto out = read_records(dir_, service);
    const auto found = states_.find(service);
    if (found != states_.end()) read_lines(found->second.pending, out);
    return out;
}

}  // namespace hab::supervisor
