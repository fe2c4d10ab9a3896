// SPDX-License-Identifier: Apache-2.0
#include "support/pty.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"

namespace hab::test {

namespace {

/// Starts a program on a pseudo-terminal; returns its pid and the other end.
pid_t start_on_pty(const std::vector<std::string>& argv, unsigned width, const RunOptions& options,
                   UniqueFd& master) {
    std::vector<char*> words;
    for (const std::string& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    winsize size{};
    size.ws_row = 24;
    size.ws_col = static_cast<unsigned short>(width);
    int fd = -1;
    const pid_t pid = ::forkpty(&fd, nullptr, nullptr, &size);
    if (pid < 0) throw Error::from_errno("cannot make a pseudo-terminal");
    if (pid == 0) {
        for (const auto& [key, value] : options.env)
            ::setenv(key.c_str(), value.c_str(), 1);
        if (!options.cwd.empty() && ::chdir(options.cwd.c_str()) != 0) ::_exit(126);
        ::execvp(words[0], words.data());
        ::_exit(127);
    }
    master.reset(fd);
    return pid;
}

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

RunResult run_on_pty(const std::vector<std::string>& argv, unsigned width,
                     const RunOptions& options) {
    UniqueFd fd;
    const pid_t pid = start_on_pty(argv, width, options, fd);
    // What the person types; the terminal keeps it until the program reads.
    write_all(fd.get(), options.input, "the pseudo-terminal");
    RunResult result;
    char block[4096];
    // A pty ends with EIO when the last process on it has gone.
    for (ssize_t n = 0; (n = ::read(fd.get(), block, sizeof block)) > 0;) {
        result.out.append(block, static_cast<std::size_t>(n));
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    result.exit_code = exit_code_of(status);
    return result;
}

PtyDialog::PtyDialog(const std::vector<std::string>& argv, const RunOptions& options)
    : pid_(start_on_pty(argv, 200, options, master_)),
      deadline_(std::chrono::steady_clock::now() + options.deadline) {}

PtyDialog::~PtyDialog() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool PtyDialog::read_more() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd ready{master_.get(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return false;
    char block[4096];
    const ssize_t n = ::read(master_.get(), block, sizeof block);
    if (n <= 0) return false;
    shown_.append(block, static_cast<std::size_t>(n));
    return true;
}

bool PtyDialog::wait_for(const std::string& text) {
    for (;;) {
        const std::size_t at = shown_.find(text, seen_);
        if (at != shown_.npos) {
            seen_ = at + text.size();
            return true;
        }
        if (!read_more()) return false;
    }
}

void PtyDialog::type(const std::string& keys) {
    write_all(master_.get(), keys, "the pseudo-terminal");
}

int PtyDialog::finish() {
    while (read_more()) {
    }
    if (std::chrono::steady_clock::now() >= deadline_) return -1;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return exit_code_of(status);
}

}  // namespace hab::test
