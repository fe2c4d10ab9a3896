// SPDX-License-Identifier: Apache-2.0
#include "supervisor/service_memory.hpp"

#include <gtest/gtest.h>

namespace hab::supervisor {
namespace {

TEST(ServiceMemory, ComesBackAsItWas) {
    ServiceMemory memory;
    memory.restarts = 7;
    memory.backoff = {3, std::chrono::milliseconds(4500)};
    memory.ready = memory.finished = memory.starting = true;
    memory.next_run = SteadyTime(std::chrono::milliseconds(1'800'456));
    memory.config_changed = memory.start_hooks_changed = memory.post_stop_due = true;
    memory.last_process = LastProcess{42, "exited with code 3",
                                      WallTime(std::chrono::milliseconds(1'700'000'000'123))};
    const auto back = memory_from_text(to_text(memory));
    EXPECT_TRUE(back.started);
    EXPECT_EQ(back.restarts, 7u);
    EXPECT_EQ(back.backoff.failures, 3u);
    EXPECT_EQ(back.backoff.last_wait, std::chrono::milliseconds(4500));
    EXPECT_TRUE(back.ready);
    EXPECT_TRUE(back.finished);
    EXPECT_TRUE(back.starting);
    EXPECT_EQ(back.next_run, memory.next_run);
    EXPECT_TRUE(back.config_changed);
    EXPECT_TRUE(back.start_hooks_changed);
    EXPECT_TRUE(back.post_stop_due);
    ASSERT_TRUE(back.last_process);
    EXPECT_EQ(back.last_process->pid, 42);
    EXPECT_EQ(back.last_process->termination_reason, "exited with code 3");
    EXPECT_EQ(back.last_process->terminated_at, memory.last_process->terminated_at);
}

TEST(ServiceMemory, NothingAndNonsenseAreAFreshStart) {
    EXPECT_FALSE(memory_from_text("").started);
    EXPECT_FALSE(memory_from_text("{\"restarts\":").started);
    const auto odd = memory_from_text(R"({"restarts":-4,"failures":"many","last":{}})");
    EXPECT_EQ(odd.restarts, 0u);
    EXPECT_EQ(odd.backoff.failures, 0u);
}

TEST(ServiceMemory, ABackoffGoesOnWhereItStood) {
    SystemEntropy entropy;
    Backoff before{BackoffPolicy{}};
    (void)before.next(entropy);
    (void)before.next(entropy);
    Backoff after{BackoffPolicy{}};
    after.restore(before.state());
    EXPECT_EQ(after.failures(), 2u);
    EXPECT_GE(after.next(entropy), BackoffPolicy{}.minimum) << "not at once again";
}

}  // namespace
}  // namespace hab::supervisor
