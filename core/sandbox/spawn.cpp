// SPDX-License-Identifier: Apache-2.0
// clone with shared memory: as fast for a parent of 512 MB as for one of 8 MB, and the child can
// leave its report in our memory. docs/architecture.md has the measurements.
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>

#include "base/error.hpp"
#include "base/fail_point.hpp"
#include "sandbox/child_plan.hpp"
#include "sandbox/id_maps.hpp"
#include "sandbox/limit_group.hpp"
#include "sandbox/process.hpp"
#include "sandbox/raw_syscall.hpp"

namespace hab::sandbox {
namespace {

/// The child's stack, with a guard page below. Freed when the child has left it, that is after
/// exec.
class ChildStack {
public:
    ChildStack() {
        base_ = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        if (base_ == MAP_FAILED) throw Error::from_errno("cannot start a program: no stack for it");
        ::mprotect(base_, guard, PROT_NONE);
    }
    ChildStack(const ChildStack&) = delete;
    ChildStack& operator=(const ChildStack&) = delete;
    ~ChildStack() { ::munmap(base_, size); }

    [[nodiscard]] void* top() const noexcept { return static_cast<char*>(base_) + size; }

private:
    static constexpr std::size_t size = 128 * 1024;
    static constexpr std::size_t guard = 4096;
    void* base_;
};

/// No signal handler of ours may run in the child, which shares our memory.
class SignalBlock {
public:
    SignalBlock() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &old_);
    }
    SignalBlock(const SignalBlock&) = delete;
    SignalBlock& operator=(const SignalBlock&) = delete;
    ~SignalBlock() { pthread_sigmask(SIG_SETMASK, &old_, nullptr); }

private:
    sigset_t old_;
};

/// A child that changes its ids makes the memory it shares with us "not dumpable", which would give
/// our /proc files to root.
class KeepDumpable {
public:
    KeepDumpable() noexcept : old_(::prctl(PR_GET_DUMPABLE)) {}
    KeepDumpable(const KeepDumpable&) = delete;
    KeepDumpable& operator=(const KeepDumpable&) = delete;
    ~KeepDumpable() {
        if (old_ == 1) ::prctl(PR_SET_DUMPABLE, 1);
    }

private:
    int old_;
};

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

Pipe make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw Error::from_errno("cannot start a program: no pipe");
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

unsigned long clone_flags(const ChildPlan& plan, const Spec& spec) {
    unsigned long flags = CLONE_VM | CLONE_PIDFD | SIGCHLD;
    if (plan.mount_namespace) flags |= CLONE_NEWNS;
    if (spec.namespaces.user) flags |= CLONE_NEWUSER;
    if (spec.namespaces.pid) flags |= CLONE_NEWPID;
    if (spec.namespaces.net) flags |= CLONE_NEWNET;
    if (spec.namespaces.ipc) flags |= CLONE_NEWIPC;
    if (spec.namespaces.uts) flags |= CLONE_NEWUTS;
    return flags;
}

void wait_until_zero(int* word) {
    int value = 0;
    while ((value = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != 0) {
        ::syscall(SYS_futex, word, FUTEX_WAIT, value, nullptr, nullptr, 0);
    }
}

Error clone_error(const Spec& spec, int error) {
    Error failure =
        Error::from_errno("cannot start '" + spec.argv.front() + "': clone failed", error);
    if (!spec.namespaces.any() && spec.root.empty() && spec.mounts.empty()) return failure;
    return failure.with_hint("this needs root, or a kernel that lets users create user namespaces");
}

pid_t checked(long result, const Spec& spec) {
    if (result < 0) throw clone_error(spec, static_cast<int>(-result));
    return static_cast<pid_t>(result);
}

/// The parent must run while the child waits for its id maps, so it is not suspended: the kernel
/// clears `alive` when the child gives our memory back, at exec or exit.
pid_t clone_with_maps(PlanStorage& storage, const Spec& spec, const ChildStack& stack, int* pidfd) {
    const Pipe go = make_pipe();
    storage.plan().go_fd = go.read.get();
    int alive = 1;
    const pid_t pid =
        checked(raw::clone_child(clone_flags(storage.plan(), spec) | CLONE_CHILD_CLEARTID,
                                 stack.top(), pidfd, &alive, child_main, &storage.plan()),
                spec);
    try {
        write_id_maps(pid, spec);
    } catch (...) {
        ::kill(pid, SIGKILL);
        wait_until_zero(&alive);
        ::waitpid(pid, nullptr, __WALL);
        ::close(*pidfd);
        throw;
    }
    const char byte = 1;
    // Fails only if the child is dead, which the report or the exit status tells.
    [[maybe_unused]] const ssize_t sent = ::write(go.write.get(), &byte, 1);
    wait_until_zero(&alive);
    return pid;
}

pid_t clone_suspended(PlanStorage& storage, const Spec& spec, const ChildStack& stack, int* pidfd) {
    return checked(raw::clone_child(clone_flags(storage.plan(), spec) | CLONE_VFORK, stack.top(),
                                    pidfd, nullptr, child_main, &storage.plan()),
                   spec);
}

UniqueFd own_pidfd() {
    UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    if (!fd) throw Error::from_errno("cannot start a program: no descriptor for this process");
    return fd;
}

}  // namespace

Process spawn(const Spec& spec) {
    fail_point("sandbox.spawn", spec.argv.empty() ? std::string_view() : spec.argv.front());
    PlanStorage storage(spec);
    std::unique_ptr<LimitGroup> limits = LimitGroup::make(spec.limits);
    if (limits) {
        storage.plan().cgroup_fds = limits->join_fds().data();
        storage.plan().cgroup_count = limits->join_fds().size();
    }
    UniqueFd parent;
    if (spec.die_with_parent) {
        parent = own_pidfd();
        storage.plan().parent_fd = parent.get();
    }
    const ChildStack stack;
    int pidfd = -1;
    pid_t pid = -1;
    {
        const SignalBlock blocked;
        const KeepDumpable dumpable;
        pid = spec.namespaces.user ? clone_with_maps(storage, spec, stack, &pidfd)
                                   : clone_suspended(storage, spec, stack, &pidfd);
    }
    Process process(pid, UniqueFd(pidfd), storage.plan().new_session, std::move(limits));
    if (storage.report().stage == Stage::none) return process;
    static_cast<void>(process.wait());
    throw storage.error();
}

}  // namespace hab::sandbox
