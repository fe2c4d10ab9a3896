// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"

namespace hab::supervisor {
namespace {

/// The service user may not read what others' services say, and the lines may hold secrets.
constexpr mode_t log_mode = 0640;

std::filesystem::path numbered(const std::filesystem::path& file, unsigned number) {
    return file.string() + "." + std::to_string(number);
}

/// "nginx" of "nginx.default" and of "nginx.default hook[init]:"; empty for the supervisor's own.
std::string_view service_of(const LogLine& line) {
    const std::string_view preamble(line.preamble);
    const auto dot = preamble.find('.');
    return dot == std::string_view::npos ? std::string_view() : preamble.substr(0, dot);
}

WallTime birth_of(int fd, WallTime otherwise) {
    struct statx about{};
    if (::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &about) != 0 ||
        (about.stx_mask & STATX_BTIME) == 0) {
        return otherwise;
    }
    return WallTime(std::chrono::seconds(about.stx_btime.tv_sec));
}

}  // namespace

LogFile::LogFile(const std::filesystem::path& file, const LogPolicy& policy)
    : file_(file.native()), policy_(policy) {}

void LogFile::open(WallTime now) {
    fd_ = open_file(file_, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, log_mode);
    struct stat about{};
    if (::fchmod(fd_.get(), log_mode) != 0 || ::fstat(fd_.get(), &about) != 0) {
        throw Error::from_errno(fmt::format("cannot set up the log {}", file_));
    }
    size_ = static_cast<std::uint64_t>(about.st_size);
    begun_ = size_ == 0 ? now : birth_of(fd_.get(), now);
}

void LogFile::rotate() {
    fd_.reset();
    for (unsigned number = policy_.keep; number > 0; --number) {
        const std::string from = number == 1 ? file_ : numbered(file_, number - 1).string();
        if (::rename(from.c_str(), numbered(file_, number).c_str()) != 0 && errno != ENOENT) {
            throw Error::from_errno(fmt::format("cannot rotate the log {}", file_));
        }
    }
    if (policy_.keep == 0) ::unlink(file_.c_str());
}

void LogFile::append(WallTime time, std::string_view key, std::string_view text) {
    const auto line = fmt::format("{} {} {}\n", rfc3339_utc(time), key, text);
    if (!fd_) open(time);
    if (size_ > 0 &&
        (size_ + line.size() > policy_.max_bytes ||
         time - begun_ > std::chrono::duration_cast<WallTime::duration>(policy_.max_age))) {
        rotate();
        open(time);
    }
    // In one piece, so that a full disk leaves no half a line that the next one continues.
    const auto written = ::write(fd_.get(), line.data(), line.size());
    if (written == static_cast<ssize_t>(line.size())) {
        size_ += line.size();
        return;
    }
    const int why = written < 0 ? errno : ENOSPC;
    if (written > 0 && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
        size_ += static_cast<std::uint64_t>(written);
    }
    throw Error::from_errno(fmt::format("cannot write the log {}", file_), why);
}

ServiceLogs::ServiceLogs(EventStream& events, const Paths& paths, LogPolicy policy)
    : paths_(paths),
      policy_(policy),
      subscription_(events.subscribe([this](const Event& event) { on_event(event); })) {}

void ServiceLogs::on_event(const Event& event) {
    if (const auto* gone = std::get_if<ServiceUnloaded>(&event.body)) {
        if (const auto found = logs_.find(gone->service); found != logs_.end()) logs_.erase(found);
    }
    const auto* line = std::get_if<LogLine>(&event.body);
    if (line == nullptr) return;
    const auto service = service_of(*line);
    if (!service.empty()) keep(std::string(service), *line, event.time);
}

void ServiceLogs::keep(const std::string& service, const LogLine& line, WallTime time) {
    auto found = logs_.find(service);
    if (found == logs_.end()) {
        const auto file = paths_.svc(service) / "logs" / "service.log";
        found = logs_.emplace(service, Entry{LogFile(file, policy_), 0}).first;
    }
    Entry& entry = found->second;
    try {
        if (entry.lost > 0) {
            entry.file.append(time, "SV", fmt::format("{} lines are missing here", entry.lost));
            entry.lost = 0;
        }
        entry.file.append(time, line.key, line.text);
    } catch (const Error& error) {
        // Said once for each time the disk fills; the lines are on the console as well.
        if (entry.lost++ == 0) log::warn("supervisor", "{}", error.message());
    }
}

}  // namespace hab::supervisor
