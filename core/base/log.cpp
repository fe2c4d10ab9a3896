// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <memory>

namespace hab::log {
namespace {

constexpr spdlog::level::level_enum spdlog_level(Level level) noexcept {
    switch (level) {
        case Level::trace:
            return spdlog::level::trace;
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
        case Level::off:
            return spdlog::level::off;
    }
    return spdlog::level::warn;
}

spdlog::level::level_enum level_from_environment() {
    const char* word = std::getenv("HAB_LOG");
    if (word == nullptr || *word == '\0') return spdlog::level::warn;
    return spdlog::level::from_str(word);
}

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "hab", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
        made->set_level(level_from_environment());
        return made;
    }();
    return *instance;
}

}  // namespace

void set_level(Level level) noexcept {
    logger().set_level(spdlog_level(level));
}

bool enabled(Level level) noexcept {
    return logger().should_log(spdlog_level(level));
}

void write(Level level, std::string_view target, std::string_view message) noexcept {
    logger().log(spdlog_level(level), "{}: {}", target, message);
}

}  // namespace hab::log
