// SPDX-License-Identifier: Apache-2.0
#include "cli/svc/log_lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <time.h>

#include <cerrno>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/strings.hpp"
#include "base/unique_fd.hpp"

namespace hab::cli {
namespace {

/// As many older files as the supervisor keeps at most, and some.
constexpr unsigned most_files = 100;

std::optional<WallTime> read_time(std::string_view text) {
    std::tm parts{};
    const std::string copy(text);
    const char* const end = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (end == nullptr || std::string_view(end) != "Z") return std::nullopt;
    return WallTime(std::chrono::seconds(::timegm(&parts)));
}

std::optional<std::chrono::seconds> read_age(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    const auto number = parse_u64(text.substr(0, text.size() - 1));
    std::int64_t unit = 0;
    switch (text.back()) {
        case 's':
            unit = 1;
            break;
        case 'm':
            unit = 60;
            break;
        case 'h':
            unit = 3600;
            break;
        case 'd':
            unit = 86400;
            break;
        default:
            return std::nullopt;
    }
    constexpr std::uint64_t longest = 36500ULL * 86400;  // a century
    if (!number || *number > longest / static_cast<std::uint64_t>(unit)) return std::nullopt;
    return std::chrono::seconds(static_cast<std::int64_t>(*number) * unit);
}

/// Nothing if there is no such file. A link, or a pipe, could show root what is not this service's or
/// keep him waiting.
std::optional<std::string> read_log(const std::filesystem::path& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ENOENT) return std::nullopt;
    if (!fd) throw Error::from_errno("cannot read the log " + path.string());
    struct stat about{};
    if (::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
        throw Error(ErrorCode::denied,
                    fmt::format("will not show {}: it is not a regular file", path.string()));
    }
    return read_fd(fd.get(), path.string());
}

/// Lines are in the order of their times, but for a clock that was set back.
bool is_before(std::string_view line, WallTime since) {
    const auto time = read_time(line.substr(0, line.find(' ')));
    return time && *time < since;
}

}  // namespace

WallTime read_since(std::string_view text, WallTime now) {
    if (const auto time = read_time(text)) return *time;
    if (const auto age = read_age(text)) return now - *age;
    throw Error(ErrorCode::usage, fmt::format("--since does not understand '{}'", text),
                "Write a time in UTC as 2026-01-31T12:00:00Z, or how long ago as 30s, 10m, 2h or "
                "7d.");
}

std::string log_lines(const std::filesystem::path& file, const LogWindow& window) {
    const std::size_t most = window.lines.value_or(std::numeric_limits<std::size_t>::max());
    std::vector<std::string> texts;  // the latest first
    std::size_t lines = 0;
    bool found = false;
    for (unsigned number = 0; number <= most_files && lines <= most; ++number) {
        const auto path =
            number == 0 ? file : fs::path(fmt::format("{}.{}", file.string(), number));
        const auto text = read_log(path);
        if (!text && number > 0) break;
        if (!text) continue;
        found = true;
        std::string kept;
        bool older = false;
        for (const std::string_view line : split(*text, '\n')) {
            if (line.empty()) continue;
            if (window.since && is_before(line, *window.since)) {
                older = true;
                continue;
            }
            kept.append(line).append("\n");
            ++lines;
        }
        texts.push_back(std::move(kept));
        if (older) break;  // the files before it are older still
    }
    if (!found) {
        throw Error(ErrorCode::not_found, fmt::format("there is no log {}", file.string()),
                    "`hab svc status` lists the services that are loaded.");
    }
    std::string out;
    for (auto at = texts.rbegin(); at != texts.rend(); ++at)
        out += *at;
    for (std::size_t from = 0; lines > most; --lines) {
        from = out.find('\n', from) + 1;
        if (lines == most + 1) out.erase(0, from);
    }
    return out;
}

}  // namespace hab::cli
