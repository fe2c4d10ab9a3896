// SPDX-License-Identifier: Apache-2.0
#include "supervisor/hook_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab::supervisor {
namespace {

class HookRun : public ::testing::Test {
protected:
    HookCommand command(const std::string& script) {
        write_file_atomic(dir.path() / "hook", "#!/bin/sh\n" + script, {.mode = 0755});
        HookCommand out;
        out.spec.argv = {(dir.path() / "hook").string()};
        out.spec.env = {{"PATH", "/usr/bin:/bin"}};
        out.stdout_log = dir.path() / "out.log";
        out.stderr_log = dir.path() / "err.log";
        return out;
    }
    std::shared_ptr<HookProcess> start(HookCommand what) {
        return HookProcess::start(
            loop, std::move(what), [this](std::string_view line) { lines.emplace_back(line); },
            [this](const HookResult& ended) { result = ended; });
    }
    TempDir dir;
    boost::asio::io_context loop;
    std::vector<std::string> lines;
    std::optional<HookResult> result;
};

TEST_F(HookRun, ReportsLinesLogsAndExitCode) {
    write_file_atomic(dir.path() / "out.log", "of the run before");
    (void)start(command("echo one; echo two >&2; printf rest; exit 7\n"));
    loop.run();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status.code, 7);
    EXPECT_FALSE(result->timed_out);
    EXPECT_EQ(result->out, "one\nrest");
    EXPECT_EQ(result->err, "two\n");
    EXPECT_THAT(lines, ::testing::UnorderedElementsAre("one", "two", "rest"));
    EXPECT_EQ(read_file(dir.path() / "out.log"), "one\nrest");
    EXPECT_EQ(read_file(dir.path() / "err.log"), "two\n");
}

TEST_F(HookRun, IsKilledWithItsChildrenAfterItsTime) {
    auto slow = command("sleep 1000 & echo started; wait\n");
    slow.time_limit = std::chrono::milliseconds(300);
    (void)start(std::move(slow));
    loop.run();
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->timed_out);
    EXPECT_EQ(result->status.signal, SIGKILL);
}

TEST_F(HookRun, AChildThatHoldsThePipeDoesNotHoldTheHook) {
    (void)start(command("setsid sleep 5 & echo done\n"));
    loop.run_for(std::chrono::seconds(60));
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->status.ok());
    EXPECT_EQ(result->out, "done\n");
}

TEST_F(HookRun, CancelledItReportsNothing) {
    const auto hook = start(command("echo said; sleep 1000\n"));
    hook->cancel();
    loop.run();
    EXPECT_FALSE(result);
    EXPECT_TRUE(lines.empty());
}

TEST_F(HookRun, KeepsOnlyTheFirstKibibyteForTheGateway) {
    (void)start(command("head -c 5000 /dev/zero | tr '\\0' x\n"));
    loop.run();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->out.size(), 1024u);
    EXPECT_EQ(read_file(dir.path() / "out.log").size(), 5000u);
}

}  // namespace
}  // namespace hab::supervisor
