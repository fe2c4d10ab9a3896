// SPDX-License-Identifier: Apache-2.0
#include "supervisor/http/process_usage.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <iterator>

#include "base/error.hpp"
#include "base/files.hpp"

namespace hab::supervisor::http {

std::optional<ProcessUsage> process_usage(std::int64_t pid) {
    const std::string file =
        pid == 0 ? std::string("/proc/self/stat") : fmt::format("/proc/{}/stat", pid);
    std::string text;
    try {
        auto found = read_file_if_exists(file);
        if (!found) return std::nullopt;
        text = std::move(*found);
    } catch (const Error&) {  // it ended between open and read
        return std::nullopt;
    }
    // The name before may hold anything, spaces and parentheses too.
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    unsigned long user = 0, system = 0, size = 0;
    long pages = 0;
    // proc(5): state is field 3; utime 14, stime 15, vsize 23, rss 24.
    const int read = std::sscanf(text.c_str() + name_end + 1,
                                 " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d "
                                 "%*d %*d %*d %*d %*u %lu %ld",
                                 &user, &system, &size, &pages);
    if (read != 4) return std::nullopt;
    ProcessUsage usage;
    usage.cpu_seconds =
        static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    usage.virtual_bytes = size;
    usage.resident_bytes =
        static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return usage;
}

std::uint64_t open_descriptors() {
    std::error_code ignored;
    const std::filesystem::directory_iterator list("/proc/self/fd", ignored);
    const auto count = std::distance(begin(list), end(list));
    return count > 0 ? static_cast<std::uint64_t>(count - 1) : 0;  // without that of the list
}

std::uint64_t most_descriptors() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace hab::supervisor::http
