// SPDX-License-Identifier: Apache-2.0
#include "support/run.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

#include "base/error.hpp"
#include "base/files.hpp"

namespace hab::test {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

Deadline after(std::chrono::seconds seconds) {
    return std::chrono::steady_clock::now() + seconds;
}

struct Stdio {
    int in = -1;
    int out = -1;
    int err = -1;
};

pid_t start(const std::vector<std::string>& argv, const RunOptions& options, const Stdio& stdio) {
    std::vector<char*> words;
    for (const std::string& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) throw Error::from_errno("cannot fork");
    if (pid > 0) return pid;
    ::setpgid(0, 0);
    ::dup2(stdio.in, 0);
    ::dup2(stdio.out, 1);
    ::dup2(stdio.err, 2);
    for (const auto& [key, value] : options.env)
        ::setenv(key.c_str(), value.c_str(), 1);
    if (!options.cwd.empty() && ::chdir(options.cwd.c_str()) != 0) ::_exit(126);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::array<UniqueFd, 2> make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw Error::from_errno("cannot make a pipe");
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

/// An unlinked file as stdin, so that writing it can never block.
UniqueFd input_file(const std::string& input) {
    UniqueFd fd(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!fd) throw Error::from_errno("cannot make a temporary file");
    write_all(fd.get(), input, "the test's input");
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
}

/// Reads both pipes until they close or the deadline passes. False at the deadline.
bool drain(std::array<UniqueFd, 2>& fds, std::array<std::string*, 2> texts, Deadline deadline) {
    while (fds[0] || fds[1]) {
        std::array<pollfd, 2> polls = {pollfd{fds[0].get(), POLLIN, 0},
                                       pollfd{fds[1].get(), POLLIN, 0}};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        if (::poll(polls.data(), polls.size(), static_cast<int>(left.count())) <= 0) continue;
        for (std::size_t i = 0; i < 2; ++i) {
            if (!fds[i] || polls[i].revents == 0) continue;
            char block[8192];
            const ssize_t n = ::read(fds[i].get(), block, sizeof block);
            if (n <= 0) {
                fds[i].reset();
            } else {
                texts[i]->append(block, static_cast<std::size_t>(n));
            }
        }
    }
    return true;
}

std::optional<int> wait_until(pid_t pid, Deadline deadline) {
    for (;;) {
        int status = 0;
        const pid_t got = ::waitpid(pid, &status, WNOHANG);
        if (got == pid) return code_of(status);
        if (got < 0 && errno != EINTR) throw Error::from_errno("cannot wait for a program");
        if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace

RunResult run(const std::vector<std::string>& argv, const RunOptions& options) {
    auto out = make_pipe();
    auto err = make_pipe();
    const UniqueFd in = input_file(options.input);
    const Deadline deadline = after(options.deadline);
    const pid_t pid = start(argv, options, {in.get(), out[1].get(), err[1].get()});
    out[1].reset();
    err[1].reset();
    RunResult result;
    std::array<UniqueFd, 2> fds = {std::move(out[0]), std::move(err[0])};
    const bool drained = drain(fds, {&result.out, &result.err}, deadline);
    const auto code = drained ? wait_until(pid, deadline) : std::nullopt;
    if (!code) {
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        result.err += "\n[the test's deadline passed: killed]";
        return result;
    }
    result.exit_code = *code;
    return result;
}

Background::Background(const std::vector<std::string>& argv, const RunOptions& options) {
    char name[] = "/tmp/hab-test-log-XXXXXX";
    const UniqueFd log(::mkostemp(name, O_CLOEXEC | O_APPEND));
    if (!log) throw Error::from_errno("cannot make a log file");
    log_path_ = name;
    const UniqueFd in = input_file(options.input);
    pid_ = start(argv, options, {in.get(), log.get(), log.get()});
}

Background::~Background() {
    if (!exit_code_) {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::unlink(log_path_.c_str());
}

void Background::signal(int number) const {
    ::kill(pid_, number);
}

std::optional<int> Background::wait(std::chrono::seconds deadline) {
    if (!exit_code_) exit_code_ = wait_until(pid_, after(deadline));
    return exit_code_;
}

std::string Background::output() {
    return read_file(log_path_);
}

bool eventually(const std::function<bool()>& condition, std::chrono::seconds deadline) {
    const Deadline end = after(deadline);
    for (;;) {
        if (condition()) return true;
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

}  // namespace

int free_port() {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw Error::from_errno("cannot find a free port");
    }
    return ntohs(address.sin_port);
}

HttpAnswer http_get(int port, const std::string& path, const std::string& extra_headers) {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval timeout{30, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    const sockaddr_in address = loopback(port);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return {};
    const std::string request = "GET " + path +
                                " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                                extra_headers + "\r\n";
    if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
    std::string text;
    char block[8192];
    for (ssize_t n = 0; (n = ::read(fd.get(), block, sizeof block)) > 0;) {
        text.append(block, static_cast<std::size_t>(n));
    }
    const auto end = text.find("\r\n\r\n");
    if (text.size() < 12 || end == text.npos) return {};
    return {std::atoi(text.c_str() + 9), text.substr(0, end), text.substr(end + 4)};
}

}  // namespace hab::test
