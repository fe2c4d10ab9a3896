// SPDX-License-Identifier: Apache-2.0
#include "sandbox/child.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>

#include "sandbox/raw_syscall.hpp"

namespace hab::sandbox {

using raw::address;
using raw::call;

HAB_CHILD_CODE bool child_fail(const ChildPlan& plan, Stage stage, long error,
                               std::size_t index) noexcept {
    plan.report->error = static_cast<int>(-error);
    plan.report->index = index;
    plan.report->stage = stage;
    return false;
}

namespace {

/// The kernel's own struct sigaction, not libc's.
struct KernelSigaction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    unsigned long mask;
};

HAB_CHILD_CODE void reset_signals() noexcept {
    const KernelSigaction standard = {SIG_DFL, 0, nullptr, 0};
    for (int number = 1; number <= 64; ++number) {
        if (number == SIGKILL || number == SIGSTOP) continue;
        call(SYS_rt_sigaction, number, address(&standard), 0, sizeof(unsigned long));
    }
    const unsigned long none = 0;
    call(SYS_rt_sigprocmask, SIG_SETMASK, address(&none), 0, sizeof none);
}

HAB_CHILD_CODE bool wait_for_parent(const ChildPlan& plan) noexcept {
    if (plan.go_fd < 0) return true;
    char byte = 0;
    const long got = call(SYS_read, plan.go_fd, address(&byte), 1);
    if (got != 1) return child_fail(plan, Stage::wait_for_maps, got < 0 ? got : -EPIPE);
    return true;
}

/// After every change of ids, which would clear the setting.
HAB_CHILD_CODE bool die_with_parent(const ChildPlan& plan) noexcept {
    if (plan.parent_fd < 0) return true;
    const long set = call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    if (set < 0) return child_fail(plan, Stage::die_with_parent, set);
    // The parent may have died just before: its pidfd is readable then.
    pollfd poll = {plan.parent_fd, POLLIN, 0};
    const timespec now = {0, 0};
    if (call(SYS_ppoll, address(&poll), 1, address(&now), 0, 0) > 0) {
        return child_fail(plan, Stage::die_with_parent, -ESRCH);
    }
    return true;
}

HAB_CHILD_CODE bool raise_loopback(const ChildPlan& plan) noexcept {
    if (!plan.net_namespace) return true;
    const long fd = call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return child_fail(plan, Stage::loopback, fd);
    ifreq request;
    auto* bytes = reinterpret_cast<volatile char*>(&request);
    for (std::size_t i = 0; i < sizeof request; ++i)
        bytes[i] = 0;
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    const long done = call(SYS_ioctl, fd, SIOCSIFFLAGS, address(&request));
    call(SYS_close, fd);
    return done == 0 || child_fail(plan, Stage::loopback, done);
}

HAB_CHILD_CODE bool set_session(const ChildPlan& plan) noexcept {
    if (plan.new_session) {
        const long session = call(SYS_setsid);
        if (session < 0) return child_fail(plan, Stage::session, session);
    }
    if (plan.controlling_terminal) {
        const long done = call(SYS_ioctl, plan.stdio[0], TIOCSCTTY, 0);
        if (done < 0) return child_fail(plan, Stage::terminal, done);
    }
    return true;
}

HAB_CHILD_CODE bool set_limits(const ChildPlan& plan) noexcept {
    for (std::size_t i = 0; i < plan.cgroup_count; ++i) {
        const char zero = '0';
        const long done = call(SYS_write, plan.cgroup_fds[i], address(&zero), 1);
        if (done < 0) return child_fail(plan, Stage::cgroup, done, i);
    }
    for (std::size_t i = 0; i < plan.rlimit_count; ++i) {
        const RlimitOp& limit = plan.rlimits[i];
        const long done = call(SYS_prlimit64, 0, limit.resource, address(&limit.value), 0);
        if (done < 0) return child_fail(plan, Stage::rlimit, done, i);
    }
    return true;
}

HAB_CHILD_CODE bool set_identity(const ChildPlan& plan) noexcept {
    long done = 0;
    if (plan.set_groups) {
        done = call(SYS_setgroups, static_cast<long>(plan.group_count), address(plan.groups));
        if (done < 0) return child_fail(plan, Stage::groups, done);
    }
    if (plan.set_ids) {
        done = call(SYS_setresgid, plan.gid, plan.gid, plan.gid);
        if (done < 0) return child_fail(plan, Stage::gid, done);
        done = call(SYS_setresuid, plan.uid, plan.uid, plan.uid);
        if (done < 0) return child_fail(plan, Stage::uid, done);
    }
    if (plan.no_new_privileges) {
        done = call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1);
        if (done < 0) return child_fail(plan, Stage::no_new_privileges, done);
    }
    if (plan.set_umask) call(SYS_umask, plan.umask);
    return true;
}

HAB_CHILD_CODE bool set_stdio(const ChildPlan& plan) noexcept {
    long moved[3];
    for (int i = 0; i < 3; ++i) {  // out of the way first: they may be 0, 1, 2 in any order
        moved[i] = call(SYS_fcntl, plan.stdio[i], F_DUPFD_CLOEXEC, 3);
        if (moved[i] < 0)
            return child_fail(plan, Stage::stdio, moved[i], static_cast<std::size_t>(i));
    }
    for (int i = 0; i < 3; ++i) {
        const long done = call(SYS_dup3, moved[i], i, 0);
        if (done < 0) return child_fail(plan, Stage::stdio, done, static_cast<std::size_t>(i));
    }
    const long closed = call(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
    return closed == 0 || child_fail(plan, Stage::close_descriptors, closed);
}

HAB_CHILD_CODE bool become_program(const ChildPlan& plan) noexcept {
    long error = -ENOENT;
    for (const char* const* path = plan.candidates; *path != nullptr; ++path) {
        const long result =
            call(SYS_execve, address(*path), address(plan.argv), address(plan.envp));
        // As execvp: a name that is missing in one directory may be in the next; a refusal is
        // remembered.
        if (result != -ENOENT && result != -ENOTDIR) error = result;
        if (result != -ENOENT && result != -ENOTDIR && result != -EACCES) break;
    }
    return child_fail(plan, Stage::exec, error);
}

}  // namespace

HAB_CHILD_CODE int child_main(void* argument) noexcept {
    const ChildPlan& plan = *static_cast<const ChildPlan*>(argument);
    reset_signals();
    bool good = wait_for_parent(plan) && set_session(plan) && set_limits(plan) &&
                child_enter_root(plan) && raise_loopback(plan);
    if (good && plan.hostname != nullptr) {
        const long done =
            call(SYS_sethostname, address(plan.hostname), static_cast<long>(plan.hostname_size));
        good = done == 0 || child_fail(plan, Stage::hostname, done);
    }
    good = good && set_identity(plan) && die_with_parent(plan);
    if (good) {
        const long done = call(SYS_chdir, address(plan.cwd));
        good = done == 0 || child_fail(plan, Stage::cwd, done);
    }
    if (good && set_stdio(plan)) become_program(plan);
    call(SYS_exit_group, 127);
    return 127;
}

}  // namespace hab::sandbox
