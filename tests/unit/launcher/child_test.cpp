// SPDX-License-Identifier: Apache-2.0
#include "launcher/child.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace hab::launcher {
namespace {

Spawn shell(const std::string& script) {
    Spawn spawn;
    spawn.id = "test";
    spawn.argv = {"/bin/sh", "-c", script};
    spawn.env = {"PATH=/usr/bin:/bin", "WORD=given"};
    spawn.cwd = "/";
    return spawn;
}

std::string read_all(int fd) {
    std::string text;
    char buffer[512];
    pollfd source{fd, POLLIN, 0};
    while (::poll(&source, 1, 30'000) > 0) {
        const ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n <= 0) break;
        text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
}

int wait_for(pid_t pid) {
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    return status;
}

TEST(Child, RunsWithGivenEnvironmentAndSplitStreams) {
    const auto child = start_service(shell("echo \"$WORD\"; echo no >&2; exit 3"));
    EXPECT_EQ(read_all(child.out.get()), "given\n");
    EXPECT_EQ(read_all(child.err.get()), "no\n");
    const int status = wait_for(child.pid);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 3);
    EXPECT_FALSE(child.ready) << "it asked for none";
}

TEST(Child, LeadsItsOwnSessionWithEmptyInputAndNoOtherDescriptors) {
    // A descriptor that is not close-on-exec, as Asio's sockets are, must not reach a service.
    int leak[2];
    ASSERT_EQ(::pipe(leak), 0);
    const UniqueFd a(leak[0]), b(leak[1]);
    const auto child =
        start_service(shell("read line && echo input; ls /proc/self/fd | wc -l; ps -o sid= -p $$ | "
                            "tr -d ' '; echo $$"));
    const auto text = read_all(child.out.get());
    // 0, 1, 2 and the one that ls itself has open.
    EXPECT_THAT(text, ::testing::StartsWith("4\n"));
    const auto pid = std::to_string(child.pid);
    EXPECT_THAT(text, ::testing::EndsWith(pid + "\n" + pid + "\n"));
    wait_for(child.pid);
}

TEST(Child, GetsAReadinessPipeUnderItsNumber) {
    for (const std::uint32_t number : {3u, 4u, 5u, 9u}) {
        Spawn spawn = shell("echo >&" + std::to_string(number) + "; ls /proc/self/fd | wc -l");
        spawn.argv[0] = "/bin/bash";  // dash knows one-digit numbers only
        spawn.ready_fd = number;
        const auto child = start_service(spawn);
        EXPECT_EQ(read_all(child.ready.get()), "\n") << number;
        EXPECT_EQ(read_all(child.out.get()), "5\n") << "0, 1, 2, that one and ls's own";
        wait_for(child.pid);
    }
}

TEST(Child, IsLimitedInOpenFiles) {
    Spawn spawn = shell("ulimit -n");
    spawn.open_files = 77;
    const auto child = start_service(spawn);
    EXPECT_EQ(read_all(child.out.get()), "77\n");
    wait_for(child.pid);
}

TEST(Child, JoinsItsControlGroupsBeforeItRuns) {
    // A plain file stands for cgroup.procs: what matters is who writes what.
    char path[] = "/tmp/hab-child-XXXXXX";
    const UniqueFd file(::mkstemp(path));
    ASSERT_TRUE(file);
    Spawn spawn = shell(std::string("cat ") + path);
    spawn.control_groups = {path};
    const auto child = start_service(spawn);
    EXPECT_EQ(read_all(child.out.get()), "0");
    wait_for(child.pid);
    ::unlink(path);
    try {
        (void)start_service(spawn);
        FAIL() << "joined a group that does not exist";
    } catch (const SpawnError& error) {
        EXPECT_EQ(error.what, std::string("put it into its control group ") + path);
        EXPECT_EQ(error.error, ENOENT);
    }
}

TEST(Child, ReportsWhichStepFailed) {
    Spawn spawn = shell("true");
    spawn.argv = {"/nowhere/program"};
    try {
        (void)start_service(spawn);
        FAIL() << "started a program that does not exist";
    } catch (const SpawnError& error) {
        EXPECT_EQ(error.what, "execute /nowhere/program");
        EXPECT_EQ(error.error, ENOENT);
    }
    spawn = shell("true");
    spawn.cwd = "/nowhere";
    try {
        (void)start_service(spawn);
        FAIL() << "entered a directory that does not exist";
    } catch (const SpawnError& error) {
        EXPECT_EQ(error.what, "enter /nowhere");
    }
}

}  // namespace
}  // namespace hab::launcher
