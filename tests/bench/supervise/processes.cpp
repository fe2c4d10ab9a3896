// SPDX-License-Identifier: Apache-2.0
#include "processes.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace hab::bench {

namespace fs = std::filesystem;

namespace {

/// Sum of the numbers in all lines of a /proc file whose key ends like this.
std::int64_t sum_of(const fs::path& file, const std::string& ending) {
    std::ifstream in(file);
    std::int64_t sum = 0;
    for (std::string line; std::getline(in, line);) {
        const auto colon = line.find(':');
        if (colon == std::string::npos ||
            !std::string_view(line).substr(0, colon).ends_with(ending))
            continue;
        sum += std::stoll(line.substr(colon + 1));
    }
    return sum;
}

}  // namespace

std::vector<pid_t> supervising(const fs::path& service) {
    std::vector<pid_t> out;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos || name == "1") continue;
        std::error_code gone;
        const auto program = fs::read_symlink(entry.path() / "exe", gone);
        if (!gone && program != service) out.push_back(std::stoi(name));
    }
    return out;
}

std::int64_t pss_kib(const std::vector<pid_t>& pids) {
    std::int64_t sum = 0;
    for (const pid_t pid : pids)
        sum += sum_of(fs::path("/proc") / std::to_string(pid) / "smaps_rollup", "Pss");
    return sum;
}

std::int64_t switches(const std::vector<pid_t>& pids) {
    std::int64_t sum = 0;
    for (const pid_t pid : pids) {
        for (const auto& thread :
             fs::directory_iterator(fs::path("/proc") / std::to_string(pid) / "task")) {
            sum += sum_of(thread.path() / "status", "ctxt_switches");
        }
    }
    return sum;
}

pid_t start(const std::vector<std::string>& argv, const fs::path& log) {
    std::vector<char*> pointers;
    for (const auto& argument : argv)
        pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("cannot fork");
    if (pid > 0) return pid;
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
}

void end_everything() {
    if (::getpid() != 1) throw std::runtime_error("run me as `scripts/bench supervise` does");
    ::kill(-1, SIGKILL);
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
}

}  // namespace hab::bench
