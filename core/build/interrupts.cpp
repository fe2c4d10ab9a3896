// SPDX-License-Identifier: Apache-2.0
#include "build/interrupts.hpp"

#include <sys/signalfd.h>

#include "base/error.hpp"

namespace hab::build {

Interrupts::Interrupts() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        ::sigaddset(&set, number);
    if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, &before_); error != 0) {
        throw Error::from_errno("cannot block signals", error);
    }
    fd_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_) throw Error::from_errno("cannot open a signal descriptor");
}

Interrupts::~Interrupts() {
    // What is still pending would kill the process the moment it is unblocked, after its work is
    // done.
    static_cast<void>(pending());
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool Interrupts::pending() noexcept {
    signalfd_siginfo info{};
    while (::read(fd_.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info)))
        seen_ = true;
    return seen_;
}

void Interrupts::check() {
    if (pending()) {
        throw Error(ErrorCode::cancelled, "the build was interrupted",
                    "nothing was packed; start it again when you like");
    }
}

}  // namespace hab::build
