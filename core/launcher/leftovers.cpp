// SPDX-License-Identifier: Apache-2.0
// The end of the launcher: nothing that a service started may survive it.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "launcher/report.hpp"
#include "launcher/server.hpp"

namespace hab::launcher {
namespace {

/// Direct children as the kernel lists them: services, and orphans that came to us as their
/// subreaper.
std::vector<pid_t> children() {
    std::vector<pid_t> result;
    const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return result;
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::read(file.get(), buffer, sizeof buffer)) > 0) {
        text.append(buffer, static_cast<std::size_t>(got));
    }
    const char* at = text.c_str();
    char* end = nullptr;
    for (long pid = std::strtol(at, &end, 10); end != at; pid = std::strtol(at, &end, 10)) {
        result.push_back(static_cast<pid_t>(pid));
        at = end;
    }
    return result;
}

/// The whole group if the process leads one.
void signal_tree(pid_t pid, int number) {
    if (::getpgid(pid) == pid) ::kill(-pid, number);
    ::kill(pid, number);
}

}  // namespace

std::vector<pid_t> Server::leftovers() const {
    std::vector<pid_t> result = children();
    std::erase(result, supervisor_);
    return result;
}

void Server::kill_leftovers() {
    reap();
    auto left = leftovers();
    if (left.empty()) return;
    report("Stopping " + std::to_string(left.size()) + " process(es) that are still there");
    for (const pid_t pid : left)
        signal_tree(pid, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + options_.kill_after;
    while (!(left = leftovers()).empty() && std::chrono::steady_clock::now() < deadline) {
        wait(deadline);
    }
    // Killing one can hand us its children; a process in uninterruptible sleep must not hold us for
    // ever.
    const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (!(left = leftovers()).empty() && std::chrono::steady_clock::now() < last) {
        for (const pid_t pid : left)
            signal_tree(pid, SIGKILL);
        wait(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
    }
}

}  // namespace hab::launcher
