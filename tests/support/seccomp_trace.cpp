// SPDX-License-Identifier: Apache-2.0
#include "support/seccomp_trace.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <vector>

#include "support/disk_calls.hpp"

namespace hab::test {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t native = AUDIT_ARCH_X86_64;

sock_filter statement(unsigned code, std::size_t value) {
    return {static_cast<std::uint16_t>(code), 0, 0, static_cast<std::uint32_t>(value)};
}
sock_filter jump(unsigned code, std::size_t value, std::uint8_t yes, std::uint8_t no) {
    return {static_cast<std::uint16_t>(BPF_JMP | BPF_K | code), yes, no,
            static_cast<std::uint32_t>(value)};
}

/// Index of the flags argument of a call that opens, or -1.
int flags_of(int number) {
    if (number == SYS_open) return 1;
    return number == SYS_openat ? 2 : -1;
}

std::vector<sock_filter> make_filter() {
    constexpr unsigned load = BPF_LD | BPF_W | BPF_ABS;
    std::vector<sock_filter> code = {
        statement(load, offsetof(seccomp_data, arch)),
        jump(BPF_JEQ, native, 1, 0),
        statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        statement(load, offsetof(seccomp_data, nr)),
    };
    for (const int number : disk_call_numbers()) {
        const int flags = flags_of(number);
        if (flags < 0) {
            code.push_back(jump(BPF_JEQ, static_cast<std::size_t>(number), 0, 1));
        } else {
            code.push_back(jump(BPF_JEQ, static_cast<std::size_t>(number), 0, 4));
            const std::size_t at = offsetof(seccomp_data, args) +
                                   static_cast<std::size_t>(flags) * sizeof(std::uint64_t);
            code.push_back(statement(load, at));
            code.push_back(jump(BPF_JSET, O_CREAT | O_TRUNC, 1, 0));
            code.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
        }
        code.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
    }
    code.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return code;
}

bool install(const sock_fprog& program) {
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
#endif

}  // namespace

bool install_trace_filter() {
#if defined(__x86_64__)
    std::vector<sock_filter> code = make_filter();
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    if (install(program)) return true;
    // Without CAP_SYS_ADMIN the kernel wants a promise that nothing gains rights by exec.
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && install(program);
#else
    return false;
#endif
}

}  // namespace hab::test
