// SPDX-License-Identifier: Apache-2.0
// Nothing that a service or a hook started may survive who is responsible for it.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "launcher/fail_point.hpp"
#include "launcher/marks.hpp"
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

/// After a launcher that was killed. Short: its hab-sup, or the kernel, has told them already.
constexpr std::chrono::seconds grace_of_the_dead{3};

std::string read_small_file(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    char buffer[64];
    const ssize_t got = file ? ::read(file.get(), buffer, sizeof buffer) : 0;
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
}

}  // namespace

bool Server::write_file(const std::string& path, const std::string& text, unsigned mode) const {
    const std::string temporary = path + ".new";
    ::mkdir(path.substr(0, path.rfind('/')).c_str(), 0755);
    const UniqueFd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file && ::fchmod(file.get(), mode) == 0 &&
        ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::rename(temporary.c_str(), path.c_str()) == 0) {
        return true;
    }
    report("cannot write " + path + ": " + std::strerror(errno));
    return false;
}

void Server::take_over_directory() {
    if (directory_is_ours_ || options_.pid_file.empty()) return;
    const std::string old_mark = read_small_file(options_.mark_file);
    if (old_mark.size() == mark_.size()) {
        const auto ended = end_marked(old_mark, grace_of_the_dead);
        if (ended > 0) {
            report("Ended " + std::to_string(ended) +
                   " process(es) of a launcher that was killed before");
        }
    }
    const bool marked = write_file(options_.mark_file, mark_, 0600);
    fail_point("launcher.marked");
    directory_is_ours_ = marked && write_file(options_.pid_file, std::to_string(::getpid()), 0644);
}

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
