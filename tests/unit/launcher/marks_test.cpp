// SPDX-License-Identifier: Apache-2.0
#include "launcher/marks.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/child.hpp"
#include "launcher/server.hpp"

namespace hab::launcher {
namespace {

using std::chrono::milliseconds;

Child marked(const std::string& mark, const std::string& script) {
    Spawn spawn;
    spawn.argv = {"/bin/sh", "-c", script};
    spawn.env = {"PATH=/usr/bin:/bin", std::string(mark_variable) + "=" + mark, "OTHER=x"};
    spawn.cwd = "/";
    return start_service(spawn);
}

TEST(Marks, AreFoundByNameAndValue) {
    const std::string mark = random_mark();
    EXPECT_EQ(mark.size(), 32u);
    EXPECT_NE(mark, random_mark());
    const Child child = marked(mark, "read never < /dev/zero");
    EXPECT_TRUE(environment_has(child.pid, mark_variable));
    EXPECT_TRUE(environment_has(child.pid, mark_variable, mark));
    EXPECT_FALSE(environment_has(child.pid, mark_variable, mark.substr(1)));
    EXPECT_FALSE(environment_has(child.pid, mark_variable, mark.substr(0, 31)));
    EXPECT_FALSE(environment_has(child.pid, "HAB_LAUNCHER"));
    EXPECT_FALSE(environment_has(child.pid, "THER"));
    EXPECT_EQ(environment_value(child.pid, mark_variable), mark);
    EXPECT_EQ(environment_value(child.pid, "OTHER"), "x") << "the last one";
    EXPECT_EQ(environment_value(child.pid, "THER"), "");
    EXPECT_EQ(end_marked(mark, milliseconds(30'000)), 1u);
    int status = 0;
    ASSERT_EQ(::waitpid(child.pid, &status, 0), child.pid);
    EXPECT_EQ(WTERMSIG(status), SIGTERM) << "the polite way was enough";
}

TEST(Marks, AProgramIsFoundFromItsFirstMomentOn) {
    // The start is told before the kernel has put the environment in its place.
    for (int round = 0; round < 200; ++round) {
        const std::string mark = random_mark();
        const Child child = marked(mark, "read never < /dev/zero");
        EXPECT_TRUE(environment_has(child.pid, mark_variable, mark)) << round;
        ::kill(child.pid, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child.pid, &status, 0), child.pid);
        ASSERT_FALSE(environment_has(child.pid, mark_variable)) << "it is gone";
    }
}

TEST(Marks, AnEmptyEnvironmentIsNotWaitedFor) {
    Spawn spawn;
    spawn.argv = {"/bin/sh", "-c", "exec env -i sh -c 'echo up; read never < /dev/zero'"};
    spawn.env = {"PATH=/usr/bin:/bin"};
    spawn.cwd = "/";
    const Child child = start_service(spawn);
    char byte = 0;
    while (::read(child.out.get(), &byte, 1) < 0 && errno == EAGAIN) {
    }
    EXPECT_EQ(environment_value(child.pid, "PATH"), "");
    ::kill(child.pid, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child.pid, &status, 0), child.pid);
}

TEST(Marks, WhoIgnoresTermAndHidesInASessionOfItsOwnIsKilledToo) {
    const std::string mark = random_mark();
    const Child child = marked(mark, "trap '' TERM; setsid sleep 1000 & echo up; wait");
    char byte = 0;
    while (::read(child.out.get(), &byte, 1) < 0 && errno == EAGAIN) {
    }
    EXPECT_EQ(end_marked(mark, milliseconds(100)), 2u);
    int status = 0;
    ASSERT_EQ(::waitpid(child.pid, &status, 0), child.pid);
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    EXPECT_EQ(end_marked(mark, milliseconds(100)), 0u);
}

TEST(Respawn, TheFirstDeathCostsNothingAndTheNextOnesMore) {
    const RespawnPolicy policy{milliseconds(1000), milliseconds(30'000), milliseconds(10'000)};
    EXPECT_EQ(policy.wait(0), milliseconds(0));
    EXPECT_EQ(policy.wait(1), milliseconds(0));
    EXPECT_EQ(policy.wait(2), milliseconds(1000));
    EXPECT_EQ(policy.wait(3), milliseconds(2000));
    EXPECT_EQ(policy.wait(6), milliseconds(16'000));
    EXPECT_EQ(policy.wait(7), milliseconds(30'000));
    EXPECT_EQ(policy.wait(4'000'000'000u), milliseconds(30'000));
}

}  // namespace
}  // namespace hab::launcher
