// SPDX-License-Identifier: Apache-2.0
#include "launcher/marks.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/unique_fd.hpp"
#include "launcher/messages.hpp"

namespace hab::launcher {
namespace {

using Clock = std::chrono::steady_clock;

std::string read_proc(pid_t pid, const char* name) {
    const std::string path = "/proc/" + std::to_string(pid) + "/" + name;
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while (file && (got = ::read(file.get(), buffer, sizeof buffer)) > 0) {
        text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
}

/// A program in the middle of exec already has its own memory but not yet its environment there:
/// the kernel names no place for it (proc(5): env_start, the 50th word of stat). Kernel threads and
/// zombies have no such place either, but no program file.
bool is_in_exec(pid_t pid) {
    char target[2];
    const std::string exe = "/proc/" + std::to_string(pid) + "/exe";
    if (::readlink(exe.c_str(), target, sizeof target) < 0) return false;
    const std::string stat = read_proc(pid, "stat");
    std::size_t at = stat.rfind(')');  // a name may hold blanks and brackets; it is the second word
    for (int word = 2; word < 50 && at != std::string::npos; ++word)
        at = stat.find(' ', at + 1);
    return at != std::string::npos && stat.compare(at + 1, 2, "0 ") == 0;
}

std::string read_environment(pid_t pid) {
    const auto last = Clock::now() + std::chrono::seconds(1);
    std::string text = read_proc(pid, "environ");
    while (text.empty() && is_in_exec(pid) && Clock::now() < last) {
        ::poll(nullptr, 0, 1);
        text = read_proc(pid, "environ");
    }
    return text;
}

std::vector<pid_t> all_processes() {
    std::vector<pid_t> result;
    DIR* dir = ::opendir("/proc");
    if (dir == nullptr) return result;
    while (const dirent* entry = ::readdir(dir)) {
        const long pid = std::strtol(entry->d_name, nullptr, 10);
        if (pid > 0 && pid != ::getpid()) result.push_back(static_cast<pid_t>(pid));
    }
    ::closedir(dir);
    return result;
}

enum class Wanted { all, hooks };

bool is_marked(pid_t pid, const std::string& mark, Wanted wanted) {
    return environment_has(pid, mark_variable, mark) &&
           (wanted == Wanted::all || environment_has(pid, hook_variable));
}

/// Descriptors, because a number may belong to somebody else by the time of the signal.
std::vector<UniqueFd> find_marked(const std::string& mark, Wanted wanted) {
    std::vector<UniqueFd> result;
    for (const pid_t pid : all_processes()) {
        if (!is_marked(pid, mark, wanted)) continue;
        UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0u)));
        if (process && is_marked(pid, mark, wanted)) result.push_back(std::move(process));
    }
    return result;
}

void signal_all(const std::vector<UniqueFd>& processes, int number) {
    for (const auto& process : processes) {
        ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0u);
    }
}

/// Until all have ended or the time is over.
void await(const std::vector<UniqueFd>& processes, Clock::time_point deadline) {
    for (const auto& process : processes) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) return;
        pollfd end{process.get(), POLLIN, 0};
        ::poll(&end, 1, static_cast<int>(left.count()));
    }
}

/// Again and again: one that is about to be killed may still fork.
void kill_all(const std::string& mark, Wanted wanted) {
    const auto last = Clock::now() + std::chrono::seconds(2);
    for (auto left = find_marked(mark, wanted); !left.empty() && Clock::now() < last;
         left = find_marked(mark, wanted)) {
        signal_all(left, SIGKILL);
        await(left, Clock::now() + std::chrono::milliseconds(200));
    }
}

}  // namespace

std::string random_mark() {
    unsigned char bytes[16];
    if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) ::abort();
    std::string text;
    for (const unsigned char byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

bool environment_has(pid_t pid, std::string_view name, std::string_view value) {
    const std::string environment = read_environment(pid);
    std::string wanted(name);
    wanted += '=';
    wanted += value;
    if (!value.empty()) wanted += '\0';
    for (std::size_t at = 0; at < environment.size();) {
        if (environment.compare(at, wanted.size(), wanted) == 0) return true;
        const auto end = environment.find('\0', at);
        if (end == std::string::npos) return false;
        at = end + 1;
    }
    return false;
}

std::string environment_value(pid_t pid, std::string_view name) {
    const std::string environment = read_environment(pid);
    const std::string start = std::string(name) + '=';
    for (std::size_t at = 0; at < environment.size();) {
        const auto end = std::min(environment.find('\0', at), environment.size());
        if (environment.compare(at, start.size(), start) == 0) {
            return environment.substr(at + start.size(), end - at - start.size());
        }
        at = end + 1;
    }
    return {};
}

void signal_tree(pid_t pid, int number) {
    if (::getpgid(pid) == pid) ::kill(-pid, number);
    ::kill(pid, number);
}

std::size_t end_marked(const std::string& mark, std::chrono::milliseconds grace) {
    const auto processes = find_marked(mark, Wanted::all);
    if (processes.empty()) return 0;
    signal_all(processes, SIGTERM);
    await(processes, Clock::now() + grace);
    kill_all(mark, Wanted::all);
    return processes.size();
}

void kill_marked_hooks(const std::string& mark) {
    kill_all(mark, Wanted::hooks);
}

}  // namespace hab::launcher
