// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"

namespace hab {
namespace {

std::tm utc_fields(WallTime time) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm fields{};
    ::gmtime_r(&seconds, &fields);
    return fields;
}

}  // namespace

SteadyTime SystemClock::now() const noexcept {
    return std::chrono::steady_clock::now();
}

WallTime SystemClock::wall() const noexcept {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string compact_utc(WallTime time) {
    const std::tm t = utc_fields(time);
    return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                       t.tm_hour, t.tm_min, t.tm_sec);
}

std::string rfc3339_utc(WallTime time) {
    const std::tm t = utc_fields(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.tm_year + 1900, t.tm_mon + 1,
                       t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

WallTime source_date(const Clock& clock) {
    const char* text = std::getenv("SOURCE_DATE_EPOCH");
    if (text == nullptr || *text == '\0') return clock.wall();
    const std::string_view view = text;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), seconds);
    // 253402300799 is the end of year 9999, the last one that 14 digits can say.
    if (error != std::errc{} || end != view.data() + view.size() || seconds < 0 ||
        seconds > 253402300799) {
        throw Error(
            ErrorCode::invalid_input,
            fmt::format("SOURCE_DATE_EPOCH is '{}', which is not a number of seconds", view),
            "unset it or set it to seconds since 1970, e.g. $(git log -1 --format=%ct)");
    }
    return WallTime(std::chrono::seconds(seconds));
}

}  // namespace hab
