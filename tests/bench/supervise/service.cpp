// SPDX-License-Identifier: Apache-2.0
// The service that every supervisor of the benchmark runs, as the interpreter of its run script: tells
// that it is there, and waits for its end. An argument that begins with '+' makes it a hook: it ends.
#include <fcntl.h>
#include <unistd.h>

#include "report.hpp"

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const bool hook = argv[1][0] == '+';
    const hab::bench::Report report{::getpid(), hab::bench::now_ns()};
    const int fifo = ::open(hook ? argv[1] + 1 : argv[1], O_WRONLY | O_CLOEXEC);
    if (fifo < 0 || ::write(fifo, &report, sizeof report) != sizeof report) return 1;
    ::close(fifo);
    while (!hook)
        ::pause();
    return 0;
}
