// SPDX-License-Identifier: Apache-2.0
#include "launcher/fail_point.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/unique_fd.hpp"

namespace hab::launcher {

void fail_point(std::string_view name) {
    static const char* const given = ::secure_getenv("HAB_FAIL_POINTS");
    if (given == nullptr || given[0] != '@') return;
    const UniqueFd file(::open(given + 1, O_RDONLY | O_CLOEXEC));
    char buffer[256];
    const ssize_t got = file ? ::read(file.get(), buffer, sizeof buffer) : 0;
    if (got <= 0) return;
    if (std::string_view(buffer, static_cast<std::size_t>(got)) != std::string(name) + "=kill") {
        return;
    }
    if (::unlink(given + 1) == 0) ::kill(::getpid(), SIGKILL);
}

}  // namespace hab::launcher
