// SPDX-License-Identifier: Apache-2.0
// What services say, kept in files: /hab/svc/NAME/logs/service.log and its older siblings.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "base/paths.hpp"
#include "base/unique_fd.hpp"
#include "supervisor/events.hpp"

namespace hab::supervisor {

/// When a log begins a new file, and how many older ones stay.
struct LogPolicy {
    std::uint64_t max_bytes = 10u << 20;
    std::chrono::hours max_age{24};
    unsigned keep = 7;
};

/// One log: FILE, and FILE.1 (the latest of the older ones) to FILE.keep. Only the writer; a file
/// is never changed but by appending whole lines.
class LogFile {
public:
    LogFile(const std::filesystem::path& file, const LogPolicy& policy);

    /// Appends one line "2026-01-31T12:00:00Z KEY text". Throws io; the line is lost then.
    void append(WallTime time, std::string_view key, std::string_view text);

private:
    void open(WallTime now);
    void rotate();

    std::string file_;  ///< text, since a path holds an object for each of its parts
    LogPolicy policy_;
    UniqueFd fd_;
    std::uint64_t size_ = 0;
    WallTime begun_{};
};

/// Keeps the lines of every service, from the event stream. Must not outlive it. Loop only.
class ServiceLogs {
public:
    ServiceLogs(EventStream& events, const Paths& paths, LogPolicy policy = {});

private:
    struct Entry {
        LogFile file;
        std::uint64_t lost = 0;  ///< lines that could not be written, since the last that could
    };
    void on_event(const Event& event);
    void keep(const std::string& service, const LogLine& line, WallTime time);

    const Paths& paths_;
    LogPolicy policy_;
    std::map<std::string, Entry, std::less<>> logs_;
    EventStream::Subscription subscription_;
};

}  // namespace hab::supervisor
