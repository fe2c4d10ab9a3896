// SPDX-License-Identifier: Apache-2.0
// hab-bench-peak OUT COMMAND...: runs a command and appends "CPU-MILLISECONDS PEAK-KILOBYTES" to OUT: what
// the processes it waited for used, and the resident memory of the largest of them. Exit code: its own.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fputs("usage: hab-bench-peak OUT COMMAND...\n", stderr);
        return 2;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::execvp(argv[2], argv + 2);
        std::perror(argv[2]);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    const long cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
    std::FILE* out = std::fopen(argv[1], "a");
    if (out == nullptr || std::fprintf(out, "%ld %ld\n", cpu, usage.ru_maxrss) < 0 ||
        std::fclose(out) != 0) {
        std::perror(argv[1]);
        return 1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
