// SPDX-License-Identifier: Apache-2.0
#include "launcher/background.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "launcher/report.hpp"

namespace hab::launcher {
namespace {

[[noreturn]] void fail(const std::string& what) {
    report("cannot " + what + ": " + std::strerror(errno));
    ::_exit(1);
}

/// What the child said goes to whoever started it.
void show_log(int log, off_t from) {
    char buffer[4096];
    for (ssize_t got = 0; (got = ::pread(log, buffer, sizeof buffer, from)) > 0; from += got) {
        if (::write(STDERR_FILENO, buffer, static_cast<std::size_t>(got)) != got) return;
    }
}

[[noreturn]] void wait_for(pid_t child, int up, int log, off_t from) {
    char byte = 0;
    ssize_t got = 0;
    do {
        got = ::read(up, &byte, 1);
    } while (got < 0 && errno == EINTR);
    int status = 0;
    // The end of the pipe means both "up" and "dead": only the dead one can be waited for. It
    // closes its descriptors a moment before that, hence the byte for "up".
    if (got == 1) ::_exit(0);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    show_log(log, from);
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

}  // namespace

UniqueFd become_daemon(const std::string& log_file) {
    const UniqueFd log(
        ::open(log_file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (!log) fail("open the log " + log_file);
    struct stat about{};
    ::fstat(log.get(), &about);
    const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    int ends[2];
    if (!null || ::pipe2(ends, O_CLOEXEC) != 0) fail("go into the background");
    const UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child > 0) {
        write_end.reset();
        wait_for(child, read_end.get(), log.get(), about.st_size);
    }
    if (::setsid() < 0 || ::dup2(null.get(), 0) < 0 || ::dup2(log.get(), 1) < 0 ||
        ::dup2(log.get(), 2) < 0) {
        fail("go into the background");
    }
    return write_end;
}

void tell_up(const UniqueFd& background) {
    // A parent that has gone meanwhile does not want to know.
    if (background) [[maybe_unused]]
        const auto written = ::write(background.get(), "u", 1);
}

std::string take_notify_socket() {
    const char* name = std::getenv("NOTIFY_SOCKET");
    std::string copy = name != nullptr ? name : "";
    ::unsetenv("NOTIFY_SOCKET");
    return copy;
}

void tell_ready(const std::string& notify_socket) {
    sockaddr_un address{};
    if (notify_socket.empty()) return;
    if (notify_socket.size() >= sizeof address.sun_path) {
        report("cannot tell " + notify_socket + " that the Supervisor is up: a socket's name has " +
               "at most " + std::to_string(sizeof address.sun_path - 1) + " bytes");
        return;
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, notify_socket.data(), notify_socket.size());
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
    const std::string text = "READY=1\nMAINPID=" + std::to_string(::getpid());
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto size =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + notify_socket.size());
    if (!socket || ::sendto(socket.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                            reinterpret_cast<const sockaddr*>(&address), size) < 0) {
        report("cannot tell " + notify_socket +
               " that the Supervisor is up: " + std::strerror(errno));
    }
}

}  // namespace hab::launcher
