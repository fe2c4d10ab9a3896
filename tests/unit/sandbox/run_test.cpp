// SPDX-License-Identifier: Apache-2.0
#include "sandbox/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

#include "base/error.hpp"

namespace hab::sandbox {
namespace {

Spec shell(std::string script) {
    Spec spec;
    spec.argv = {"/bin/sh", "-c", std::move(script)};
    spec.env = {{"PATH", "/usr/bin:/bin"}};
    return spec;
}

TEST(Run, CollectsBothOutputs) {
    const Captured done = run_captured(shell("echo one; echo two >&2; exit 5"));
    EXPECT_EQ(done.out, "one\n");
    EXPECT_EQ(done.err, "two\n");
    EXPECT_EQ(done.result.status.exit_code, 5);
    EXPECT_FALSE(done.result.timed_out);
}

TEST(Run, FeedsMoreInputThanAPipeHolds) {
    RunOptions options;
    options.feed_stdin = true;
    options.stdin_data = std::string(1 << 20, 'x');
    const Captured done = run_captured(shell("wc -c"), options);
    EXPECT_EQ(std::stol(done.out), 1 << 20);
}

TEST(Run, ProgramThatIgnoresItsInputIsFine) {
    RunOptions options;
    options.feed_stdin = true;
    options.stdin_data = std::string(1 << 20, 'x');
    EXPECT_TRUE(run_captured(shell("exit 0"), options).result.status.ok());
}

TEST(Run, InputIsEmptyByDefault) {
    EXPECT_EQ(run_captured(shell("cat; echo end")).out, "end\n");
}

TEST(Run, TimeoutKillsTheWholeGroup) {
    RunOptions options;
    options.timeout = std::chrono::milliseconds(100);
    const Captured done = run_captured(shell("sleep 1000 & sleep 1000"), options);
    EXPECT_TRUE(done.result.timed_out);
    EXPECT_EQ(done.result.status.term_signal, SIGKILL);
}

TEST(Run, CancellationKills) {
    RunOptions options;
    int polls = 0;
    options.cancelled = [&] { return ++polls > 2; };
    const Captured done = run_captured(shell("sleep 1000"), options);
    EXPECT_TRUE(done.result.was_cancelled);
    EXPECT_FALSE(done.result.timed_out);
}

TEST(Run, ForgottenBackgroundJobDoesNotKeepUsWaiting) {
    // It holds the output pipe open.
    const Captured done = run_captured(shell("sleep 1000 & echo started"));
    EXPECT_EQ(done.out, "started\n");
    EXPECT_TRUE(done.result.status.ok());
}

TEST(Run, OutputAboveTheLimitIsAnError) {
    try {
        static_cast<void>(run_captured(shell("yes"), {}, 1000));
        FAIL() << "expected an error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_input);
        EXPECT_THAT(error.what(), ::testing::HasSubstr("larger than 1000 bytes"));
    }
}

TEST(Run, ExceptionOfASinkEndsTheProgram) {
    RunOptions options;
    options.on_stdout = [](std::string_view) { throw std::runtime_error("full"); };
    EXPECT_THROW(static_cast<void>(run(shell("yes"), options)), std::runtime_error);
}

TEST(Run, ReportsResources) {
    const Captured done = run_captured(shell("true"));
    EXPECT_GT(done.result.status.max_rss, 100'000U);
}

}  // namespace
}  // namespace hab::sandbox
