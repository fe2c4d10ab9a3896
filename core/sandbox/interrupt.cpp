// SPDX-License-Identifier: Apache-2.0
#include "sandbox/interrupt.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include "base/error.hpp"

namespace hab::sandbox {

Interrupt::Interrupt() {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&wanted, number);
    pthread_sigmask(SIG_BLOCK, &wanted, &old_);
    fd_.reset(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_) {
        const int error = errno;
        pthread_sigmask(SIG_SETMASK, &old_, nullptr);
        throw Error::from_errno("cannot watch for signals", error);
    }
}

Interrupt::~Interrupt() {
    pthread_sigmask(SIG_SETMASK, &old_, nullptr);
}

bool Interrupt::requested() noexcept {
    if (signal_ != 0) return true;
    signalfd_siginfo info{};
    if (::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        signal_ = static_cast<int>(info.ssi_signo);
    }
    return signal_ != 0;
}

}  // namespace hab::sandbox
