// SPDX-License-Identifier: Apache-2.0
// User namespaces, for root and for an ordinary user (in a child that gives up root first).
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/run.hpp"
#include "support/world.hpp"

namespace hab::sandbox {
namespace {

Spec mapped(std::string script) {
    Spec spec;
    spec.argv = {"/bin/sh", "-c", std::move(script)};
    spec.env = {{"PATH", "/usr/bin:/bin"}};
    spec.namespaces.user = true;
    spec.namespaces.pid = true;
    return spec;
}

TEST(UserNamespace, CallerBecomesRootInside) {
    HAB_REQUIRE(probe().user_namespaces, "this kernel has no user namespaces for us");
    const Captured done = run_captured(mapped("id -u; id -g"));
    EXPECT_EQ(done.out, "0\n0\n") << done.err;
}

TEST(UserNamespace, RootMapsARange) {
    HAB_REQUIRE(::geteuid() == 0, "mapping a range directly needs root");
    Spec spec = mapped("id -u; cat /proc/self/uid_map");
    spec.uid_maps = {{0, 100000, 1000}};
    spec.gid_maps = {{0, 100000, 1000}};
    spec.ids = Ids{42, 42, {42}};
    const Captured done = run_captured(spec);
    EXPECT_THAT(done.out, ::testing::StartsWith("42\n")) << done.err;
    EXPECT_THAT(done.out, ::testing::HasSubstr("100000"));
}

TEST(UserNamespace, MapThatTheKernelRefusesIsReportedAndLeavesNoChild) {
    HAB_REQUIRE(::geteuid() == 0, "needs root");
    Spec spec = mapped("true");
    spec.uid_maps = {{0, 0, 10}, {5, 100, 10}};  // overlap
    spec.gid_maps = {{0, 0, 1}};
    EXPECT_THROW(static_cast<void>(spawn(spec)), Error);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

/// Runs in a process without root; what it returns is its exit code.
int as_nobody() {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(65534, 65534, 65534) != 0 ||
        ::setresuid(65534, 65534, 65534) != 0) {
        return 10;
    }
    // As after the exec of a program by an ordinary user; without it our /proc files stay root's.
    ::prctl(PR_SET_DUMPABLE, 1);
    const TempDir dir;
    Spec spec = mapped("id -u && test -c /dev/null && echo x > /dev/null && ls /proc/1 >/dev/null");
    spec.argv[0] = "/usr/bin/sh";
    spec.root = dir.path();
    for (const char* name : {"bin", "lib", "lib64"}) {
        if (const auto link = read_link(fs::path("/") / name)) {
            fs::create_symlink(*link, dir.path() / name);
        }
    }
    spec.mounts = {bind_mount("/usr", "/usr", true), special_mount(MountKind::proc, "/proc"),
                   special_mount(MountKind::dev, "/dev")};
    const Captured done = run_captured(spec);
    if (done.out == "0\n" && done.result.status.ok()) return 0;
    std::fputs(done.err.c_str(), stderr);
    return 1;
}

TEST(UserNamespace, OrdinaryUserGetsARootWithDevAndProc) {
    HAB_REQUIRE(::geteuid() == 0, "becomes an ordinary user from root");
    HAB_REQUIRE(probe().user_namespaces, "this kernel has no user namespaces");
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
        int code = 11;
        try {
            code = as_nobody();
        } catch (const std::exception& error) {
            std::fputs(error.what(), stderr);
        }
        ::_exit(code);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Probe, SaysWhatWorksHere) {
    const Capabilities found = probe();
    EXPECT_EQ(found.root, ::geteuid() == 0);
    EXPECT_EQ(found.mount_namespaces && found.user_namespaces, found.reasons.empty());
}

}  // namespace
}  // namespace hab::sandbox
