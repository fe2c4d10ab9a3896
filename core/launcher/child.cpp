// SPDX-License-Identifier: Apache-2.0
// fork() is right here, unlike in sandbox/: the launcher has one thread and less than a megabyte to
// copy.
#include "launcher/child.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace hab::launcher {
namespace {

/// What the child reports through the pipe if it does not come to exec.
struct Failure {
    int step;
    int error;
};
enum Step {
    step_streams,
    step_session,
    step_files,
    step_control_group,
    step_user,
    step_directory,
    step_execute
};

[[noreturn]] void give_up(int pipe, Step step) {
    const Failure failure{step, errno};
    // The parent sees the end of the pipe whatever becomes of this write.
    [[maybe_unused]] const auto written = ::write(pipe, &failure, sizeof failure);
    ::_exit(127);
}

void reset_signals() {
    for (int number = 1; number < NSIG; ++number)
        ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const auto& text : texts)
        result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

struct Pipe {
    UniqueFd read, write;
    explicit Pipe(const char* purpose) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw SpawnError{purpose, errno};
        read.reset(ends[0]);
        write.reset(ends[1]);
    }
};

std::string describe(Step step, const Spawn& spawn) {
    switch (step) {
        case step_streams:
            return "set up its standard streams";
        case step_session:
            return "make it the leader of a session";
        case step_files:
            return "limit it to " + std::to_string(spawn.open_files) + " open files";
        case step_control_group:
            return "put it into its control group " + spawn.control_groups.front();
        case step_user:
            return "change to user id " + std::to_string(spawn.uid) + " and group id " +
                   std::to_string(spawn.gid);
        case step_directory:
            return "enter " + spawn.cwd;
        case step_execute:
            break;
    }
    return "execute " + (spawn.argv.empty() ? std::string() : spawn.argv.front());
}

void limit_files(const Spawn& spawn, int report) {
    if (spawn.open_files == 0) return;
    const rlimit limit{spawn.open_files, spawn.open_files};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) give_up(report, step_files);
}

void join_groups(const Spawn& spawn, int report) {
    for (const auto& path : spawn.control_groups) {
        const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (file < 0 || ::write(file, "0", 1) != 1) give_up(report, step_control_group);
        ::close(file);
    }
}

/// What a service gets of ours.
struct Ends {
    int null, out, err;
    int ready;   ///< -1: none
    int report;  ///< to the launcher; moved out of the way of `ready_fd`
};

/// The readiness pipe gets the number that the service knows; the report must not stand there.
void place_streams(const Spawn& spawn, Ends& ends) {
    const int wanted = static_cast<int>(spawn.ready_fd);
    if (ends.ready >= 0) {
        ends.report = ::fcntl(ends.report, F_DUPFD_CLOEXEC, wanted + 1);
        if (ends.report < 0) ::_exit(127);
    }
    if (::dup2(ends.null, 0) < 0 || ::dup2(ends.out, 1) < 0 || ::dup2(ends.err, 2) < 0) {
        give_up(ends.report, step_streams);
    }
    // Everything of ours is close-on-exec already; this covers what the launcher itself inherited.
    ::syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    if (ends.ready < 0) return;
    if (ends.ready == wanted ? ::fcntl(wanted, F_SETFD, 0) < 0 : ::dup2(ends.ready, wanted) < 0) {
        give_up(ends.report, step_streams);
    }
}

[[noreturn]] void become(const Spawn& spawn, const std::vector<char*>& argv,
                         const std::vector<char*>& env, Ends ends) {
    if (::setsid() < 0) give_up(ends.report, step_session);
    place_streams(spawn, ends);
    const int report = ends.report;
    join_groups(spawn, report);
    limit_files(spawn, report);
    if (spawn.switch_user && (::setgroups(spawn.groups.size(), spawn.groups.data()) != 0 ||
                              ::setresgid(spawn.gid, spawn.gid, spawn.gid) != 0 ||
                              ::setresuid(spawn.uid, spawn.uid, spawn.uid) != 0)) {
        give_up(report, step_user);
    }
    // After the change of ids, which clears it: a service must not outlive a launcher that was
    // killed.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::chdir(spawn.cwd.c_str()) != 0) give_up(report, step_directory);
    reset_signals();
    ::execve(argv[0], argv.data(), env.data());
    give_up(report, step_execute);
}

/// Nothing if exec worked: then the kernel closed the pipe without a report.
void await_exec(const Pipe& report, const Spawn& spawn, pid_t pid) {
    Failure failure{};
    ssize_t got = 0;
    do {
        got = ::read(report.read.get(), &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof failure)) return;
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) {
    }
    throw SpawnError{describe(static_cast<Step>(failure.step), spawn), failure.error};
}

}  // namespace

Child start_service(const Spawn& spawn) {
    if (spawn.argv.empty()) throw SpawnError{"execute a program without a name", EINVAL};
    Pipe out("create the stdout pipe");
    Pipe err("create the stderr pipe");
    std::optional<Pipe> ready;
    if (spawn.ready_fd > 2) ready.emplace("create the readiness pipe");
    Pipe report("create the report pipe");
    const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!null) throw SpawnError{"open /dev/null", errno};
    const auto argv = pointers(spawn.argv);
    const auto env = pointers(spawn.env);
    const pid_t pid = ::fork();
    if (pid < 0) throw SpawnError{"fork", errno};
    if (pid == 0) {
        become(spawn, argv, env,
               {null.get(), out.write.get(), err.write.get(), ready ? ready->write.get() : -1,
                report.write.get()});
    }
    report.write.reset();
    await_exec(report, spawn, pid);
    Child child;
    child.pid = pid;
    child.out = std::move(out.read);
    child.err = std::move(err.read);
    if (ready) child.ready = std::move(ready->read);
    for (const auto* end : {&child.out, &child.err, &child.ready}) {
        if (*end) ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
    }
    return child;
}

pid_t start_supervisor(const std::vector<std::string>& argv, int socket, const std::string& mark) {
    Spawn described;
    described.argv = argv;
    Pipe report("create the report pipe");
    const auto pointers_of_argv = pointers(argv);
    const std::string number = std::to_string(socket);
    const std::string self = std::to_string(::getpid());
    const pid_t pid = ::fork();
    if (pid < 0) throw SpawnError{"fork", errno};
    if (pid == 0) {
        ::setenv(socket_variable, number.c_str(), 1);
        ::setenv(pid_variable, self.c_str(), 1);
        ::setenv(mark_variable, mark.c_str(), 1);
        ::fcntl(socket, F_SETFD, 0);
        reset_signals();
        ::execv(pointers_of_argv[0], pointers_of_argv.data());
        give_up(report.write.get(), step_execute);
    }
    report.write.reset();
    await_exec(report, described, pid);
    return pid;
}

}  // namespace hab::launcher
