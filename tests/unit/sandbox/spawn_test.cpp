// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>

#include <csignal>
#include <thread>

#include "base/error.hpp"
#include "base/temp_dir.hpp"
#include "sandbox/run.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::sandbox {
namespace {

using ::testing::HasSubstr;

Spec shell(std::string script) {
    Spec spec;
    spec.argv = {"/bin/sh", "-c", std::move(script)};
    spec.env = {{"PATH", "/usr/bin:/bin"}};
    return spec;
}

std::string output_of(Spec spec) {
    return run_captured(std::move(spec)).out;
}

TEST(Spawn, ReportsExitCode) {
    Process process = spawn(shell("exit 3"));
    const ExitStatus status = process.wait();
    EXPECT_EQ(status.exit_code, 3);
    EXPECT_EQ(status.text(), "exit code 3");
    EXPECT_FALSE(process.running());
}

TEST(Spawn, ReportsSignal) {
    const ExitStatus status = spawn(shell("kill -TERM $$")).wait();
    EXPECT_EQ(status.term_signal, SIGTERM);
    EXPECT_EQ(status.exit_code, 128 + SIGTERM);
    EXPECT_THAT(status.text(), HasSubstr("signal 15"));
}

TEST(Spawn, MissingProgramIsNotFoundAndNamed) {
    Spec spec;
    spec.argv = {"/no/such/program"};
    try {
        static_cast<void>(spawn(spec));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
        EXPECT_THAT(error.what(), HasSubstr("/no/such/program"));
        EXPECT_THAT(error.what(), HasSubstr("cannot be executed"));
    }
}

TEST(Spawn, EmptyArgvIsUsage) {
    try {
        static_cast<void>(spawn(Spec{}));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
    }
}

TEST(Spawn, NulByteIsUsage) {
    Spec spec = shell("true");
    spec.argv.push_back(std::string("a\0b", 3));
    EXPECT_THROW(static_cast<void>(spawn(spec)), Error);
}

TEST(Spawn, LooksNamesUpInPath) {
    Spec spec;
    spec.argv = {"sh", "-c", "echo found"};
    spec.env = {{"PATH", "/nowhere:/usr/bin:/bin"}};
    EXPECT_EQ(output_of(spec), "found\n");
    spec.env = {{"PATH", "/nowhere"}};
    EXPECT_THROW(static_cast<void>(spawn(spec)), Error);
}

TEST(Spawn, ProgramWithoutPermissionIsDenied) {
    const TempDir dir;
    write_file_atomic(dir.path() / "plain", "text", {.mode = 0644});
    Spec spec;
    spec.argv = {(dir.path() / "plain").string()};
    try {
        static_cast<void>(spawn(spec));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::denied);
    }
}

TEST(Spawn, EnvironmentIsExactlyWhatWasGiven) {
    Spec spec;
    spec.argv = {"/usr/bin/env"};
    spec.env = {{"A", "1"}, {"B", "two words"}};
    EXPECT_EQ(output_of(spec), "A=1\nB=two words\n");
}

TEST(Spawn, SetsDirectoryAndUmask) {
    const TempDir dir;
    Spec spec = shell("pwd -P; umask");
    spec.cwd = dir.path();
    spec.umask = 077;
    EXPECT_EQ(output_of(spec), fs::canonical(dir.path()).string() + "\n0077\n");
}

TEST(Spawn, MissingDirectoryIsNamed) {
    Spec spec = shell("true");
    spec.cwd = "/no/such/directory";
    try {
        static_cast<void>(spawn(spec));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("cannot enter directory '/no/such/directory'"));
    }
}

TEST(Spawn, InheritsNoDescriptors) {
    // Deliberately without O_CLOEXEC, as Asio's sockets are.
    const UniqueFd leak(::open("/dev/zero", O_RDONLY));
    ASSERT_TRUE(leak);
    Spec spec;
    spec.argv = {"/bin/ls", "/proc/self/fd"};
    // 3 is ls's own, on the directory.
    EXPECT_EQ(output_of(spec), "0\n1\n2\n3\n");
}

TEST(Spawn, ResetsSignalsThatTheParentIgnoresOrBlocks) {
    struct sigaction old{};
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ASSERT_EQ(::sigaction(SIGPIPE, &ignore, &old), 0);
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const std::string status = output_of(shell("grep -E '^Sig(Ign|Blk)' /proc/self/status"));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::sigaction(SIGPIPE, &old, nullptr);
    EXPECT_EQ(status, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Spawn, SwappedStandardStreamsArriveWhereTheyBelong) {
    const TempDir dir;
    const UniqueFd out = open_file(dir.path() / "out", O_CREAT | O_WRONLY, 0600);
    const UniqueFd err = open_file(dir.path() / "err", O_CREAT | O_WRONLY, 0600);
    Spec spec = shell("echo to-out; echo to-err >&2");
    spec.stdio.out = err.get();
    spec.stdio.err = out.get();
    EXPECT_TRUE(spawn(spec).wait().ok());
    EXPECT_EQ(read_file(dir.path() / "out"), "to-err\n");
    EXPECT_EQ(read_file(dir.path() / "err"), "to-out\n");
}

TEST(Spawn, SetsIdsAndExactlyTheGroupsGiven) {
    HAB_REQUIRE(::geteuid() == 0, "changing ids needs root");
    Spec spec = shell("id -u; id -g; id -G; exec /bin/true");
    spec.ids = Ids{1234, 2345, {2345, 42}};
    EXPECT_EQ(output_of(spec), "1234\n2345\n2345 42\n");
    // The child shares our memory while it changes ids; that must not mark us "not dumpable".
    EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 1);
}

TEST(Spawn, LimitsOpenFiles) {
    Spec spec = shell("ulimit -n");
    spec.limits.open_files = 33;
    EXPECT_EQ(output_of(spec), "33\n");
}

TEST(Spawn, DroppedProcessIsKilledWithItsGroup) {
    const TempDir dir;
    const std::string file = (dir.path() / "pid").string();
    pid_t background = 0;
    {
        Process process = spawn(shell("sleep 1000 & echo $! > " + file + ".new; mv " + file +
                                      ".new " + file + "; wait"));
        ASSERT_TRUE(test::eventually([&] { return fs::exists(file); }));
        background = static_cast<pid_t>(std::stol(read_file(file)));
        EXPECT_EQ(::kill(background, 0), 0);
    }
    EXPECT_TRUE(test::eventually([&] {
        const auto stat = read_file_if_exists("/proc/" + std::to_string(background) + "/stat");
        return !stat || stat->find(") Z ") != std::string::npos;
    }));
}

TEST(Spawn, WaitUntilGivesUpAtTheDeadline) {
    Process process = spawn(shell("sleep 1000"));
    EXPECT_FALSE(
        process.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20)));
    EXPECT_FALSE(process.try_wait());
    process.signal_group(SIGTERM);
    EXPECT_EQ(process.wait().term_signal, SIGTERM);
}

TEST(Spawn, WaitsThoughAnEventLoopHasMadeThePidfdNonBlocking) {
    Process process = spawn(shell("sleep 0.2; exit 4"));
    ASSERT_EQ(::fcntl(process.pidfd(), F_SETFL, O_NONBLOCK), 0);
    EXPECT_EQ(process.wait().exit_code, 4);
}

TEST(Spawn, DiesWithTheThreadThatStartedIt) {
    Process process;
    std::thread starter([&] {
        Spec spec = shell("sleep 1000");
        spec.die_with_parent = true;
        process = spawn(spec);
    });
    starter.join();
    EXPECT_EQ(process.wait().term_signal, SIGKILL);
}

TEST(Spawn, ManyThreadsAtOnce) {
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&good, i] {
            for (int round = 0; round < 5; ++round) {
                const std::string text = std::to_string(i * 100 + round);
                if (output_of(shell("echo " + text)) == text + "\n") ++good;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(good.load(), 40);
}

}  // namespace
}  // namespace hab::sandbox
