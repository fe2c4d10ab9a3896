// SPDX-License-Identifier: Apache-2.0
// A service that does wrong on purpose. Words on the command line are done in order:
//   say TEXT | err TEXT | exit N | crash | ignore-term | on-term FILE | sleep-forever | listen PORT
//   | orphan (leave a child behind that ignores TERM) | env NAME | ids | fds | exit-after-ms N
//   | daemonize (go on in a session of its own, the parent ends) | zombies N | flood (print for ever,
//   as fast as it goes) | lines N (numbered, of 100 bytes)

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::string term_file;

void note_term(int) {
    // Only calls that are safe in a handler.
    const int code = term_file.empty() ? 0 : ::creat(term_file.c_str(), 0644);
    ::_exit(code < 0 ? 1 : 0);
}

void print_ids() {
    std::vector<gid_t> groups(64);
    const int n = ::getgroups(static_cast<int>(groups.size()), groups.data());
    std::printf("uid=%u gid=%u groups=", ::getuid(), ::getgid());
    for (int i = 0; i < n; ++i) {
        std::printf("%s%u", i == 0 ? "" : ",", groups[static_cast<std::size_t>(i)]);
    }
    std::puts("");
}

void print_fds() {
    DIR* dir = ::opendir("/proc/self/fd");
    while (const dirent* entry = ::readdir(dir)) {
        if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != ::dirfd(dir)) {
            std::printf("fd=%s\n", entry->d_name);
        }
    }
    ::closedir(dir);
}

void sleep_forever() {
    for (;;)
        ::pause();
}

void leave_orphan() {
    if (::fork() == 0) {
        ::signal(SIGTERM, SIG_IGN);
        sleep_forever();
    }
}

void listen_on(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<unsigned short>(port));
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd, 8) != 0) {
        std::perror("listen");
        std::exit(1);
    }
}

void daemonize() {
    if (::fork() != 0) ::_exit(0);
    ::setsid();
    ::signal(SIGTERM, SIG_IGN);
}

void leave_zombies(int count) {
    for (int i = 0; i < count; ++i) {
        if (::fork() == 0) ::_exit(0);
    }
}

[[noreturn]] void flood() {
    std::string text;
    while (text.size() < 64 * 1024)
        text += "Much ado about nothing, and all of it goes to the log of the service.\n";
    while (::write(STDOUT_FILENO, text.data(), text.size()) > 0) {
    }
    ::_exit(1);
}

void wait_ms(long ms) {
    timespec left{ms / 1000, ms % 1000 * 1000000};
    while (::nanosleep(&left, &left) != 0) {
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : "";
        const bool takes_value = word == "say" || word == "err" || word == "exit" ||
                                 word == "on-term" || word == "listen" || word == "env" ||
                                 word == "exit-after-ms" || word == "zombies" || word == "lines";
        if (takes_value) ++i;
        if (word == "say") std::puts(value);
        if (word == "err") std::fprintf(stderr, "%s\n", value);
        if (word == "exit") return std::atoi(value);
        if (word == "crash") ::kill(::getpid(), SIGSEGV);
        if (word == "ignore-term") ::signal(SIGTERM, SIG_IGN);
        if (word == "on-term") {
            term_file = value;
            ::signal(SIGTERM, note_term);
        }
        if (word == "sleep-forever") sleep_forever();
        if (word == "listen") listen_on(std::atoi(value));
        if (word == "orphan") leave_orphan();
        if (word == "daemonize") daemonize();
        if (word == "zombies") leave_zombies(std::atoi(value));
        if (word == "flood") flood();
        if (word == "lines") {
            for (int n = 0; n < std::atoi(value); ++n)
                std::printf("%-99d\n", n);
        }
        if (word == "env")
            std::printf("%s=%s\n", value, std::getenv(value) ? std::getenv(value) : "");
        if (word == "ids") print_ids();
        if (word == "fds") print_fds();
        if (word == "exit-after-ms") {
            wait_ms(std::atol(value));
            return 0;
        }
    }
    return 0;
}
