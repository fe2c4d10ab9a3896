// SPDX-License-Identifier: Apache-2.0
// System calls without libc: between clone(CLONE_VM) and exec the child shares errno, locks and
// every other variable with its parent, so nothing of libc or of a sanitizer may run there.
#pragma once

#include <sys/syscall.h>

namespace hab::sandbox::raw {

/// For every function that runs in the child.
#define HAB_CHILD_CODE __attribute__((no_sanitize("address", "undefined", "thread"), noinline))

/// Result of the kernel: negative errno on failure.
HAB_CHILD_CODE inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0,
                                long e = 0, long f = 0) noexcept {
#if defined(__x86_64__)
    long result = 0;
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 asm("x8") = number;
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    register long x4 asm("x4") = e;
    register long x5 asm("x5") = f;
    asm volatile("svc #0"
                 : "+r"(x0)
                 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                 : "memory");
    return x0;
#else
#error "sandbox: system calls are written for x86_64 and aarch64"
#endif
}

HAB_CHILD_CODE inline long address(const void* pointer) noexcept {
    return reinterpret_cast<long>(pointer);
}

}  // namespace hab::sandbox::raw
