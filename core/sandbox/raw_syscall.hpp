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

/// clone(2) with a stack of its own: `entry(argument)` runs in the child and must not return. Not
/// libc's clone: ThreadSanitizer takes that for a fork and then refuses threads, in this process,
/// whose memory the child shares. Returns the child's id or a negative errno. The kernel stores the
/// pidfd at `pidfd`, and clears
/// `*alive` when the child gives our memory back, if the flags ask for it.
HAB_CHILD_CODE inline long clone_child(unsigned long flags, void* stack_top, int* pidfd, int* alive,
                                       int (*entry)(void*) noexcept, void* argument) noexcept {
#if defined(__x86_64__)
    long result = SYS_clone;
    register int* r10 asm("r10") = alive;
    register long r8 asm("r8") = 0;
    register auto r12 asm("r12") = entry;
    register void* r13 asm("r13") = argument;
    asm volatile(
        "syscall\n\t"
        "testq %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xorl %%ebp, %%ebp\n\t"
        "movq %%r13, %%rdi\n\t"
        "callq *%%r12\n\t"
        "ud2\n"
        "1:"
        : "+a"(result)
        : "D"(flags), "S"(stack_top), "d"(pidfd), "r"(r10), "r"(r8), "r"(r12), "r"(r13)
        : "rcx", "r11", "cc", "memory");
    return result;
#else
    register long x8 asm("x8") = SYS_clone;
    register long x0 asm("x0") = static_cast<long>(flags);
    register void* x1 asm("x1") = stack_top;
    register int* x2 asm("x2") = pidfd;
    register long x3 asm("x3") = 0;
    register int* x4 asm("x4") = alive;
    register auto x9 asm("x9") = entry;
    register void* x10 asm("x10") = argument;
    asm volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, xzr\n\t"
        "mov x0, x10\n\t"
        "blr x9\n\t"
        "brk #1\n"
        "1:"
        : "+r"(x0)
        : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x9), "r"(x10)
        : "x30", "cc", "memory");
    return x0;
#endif
}

HAB_CHILD_CODE inline long address(const void* pointer) noexcept {
    return reinterpret_cast<long>(pointer);
}

}  // namespace hab::sandbox::raw
