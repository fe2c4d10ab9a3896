// SPDX-License-Identifier: Apache-2.0
#include "supervisor/health_loop.hpp"

#include <gtest/gtest.h>

namespace hab::supervisor {
namespace {

using std::chrono::seconds;
constexpr ExitStatus ok{0, 0};

TEST(HealthLoop, WithoutHookFollowsTheProcess) {
    HealthLoop loop(false, seconds(30));
    EXPECT_EQ(loop.health(), Health::unknown);
    const auto step = loop.started();
    EXPECT_FALSE(step.run);
    EXPECT_FALSE(step.wait);
    EXPECT_EQ(loop.health(), Health::ok);
    loop.stopped();
    EXPECT_EQ(loop.health(), Health::critical);
}

TEST(HealthLoop, ChecksAtOnceThenSplaysThenKeepsTheInterval) {
    SeededEntropy entropy(5);
    const SteadyTime t0{};
    HealthLoop loop(true, seconds(40));
    EXPECT_TRUE(loop.started().run);
    EXPECT_EQ(loop.health(), Health::unknown) << "until the first result";
    auto step = loop.hook_ended(ok, false, t0, entropy);
    EXPECT_EQ(loop.health(), Health::ok);
    ASSERT_TRUE(step.wait);
    EXPECT_LE(*step.wait, t0 + seconds(40));
    EXPECT_TRUE(loop.wait_over().run);
    step = loop.hook_ended(ok, false, t0, entropy);
    EXPECT_EQ(step.wait, t0 + seconds(40));
}

TEST(HealthLoop, AfterABadResultChecksAgainWithinThirtySeconds) {
    SeededEntropy entropy(5);
    const SteadyTime t0{};
    HealthLoop slow(true, seconds(300));
    (void)slow.started();
    EXPECT_EQ(slow.hook_ended({2, 0}, false, t0, entropy).wait, t0 + seconds(30));
    EXPECT_EQ(slow.health(), Health::critical);
    HealthLoop fast(true, seconds(5));
    (void)fast.started();
    EXPECT_EQ(fast.hook_ended({1, 0}, false, t0, entropy).wait, t0 + seconds(5));
    EXPECT_EQ(fast.health(), Health::warning);
}

TEST(HealthLoop, NeverRunsTwoChecksAtOnceAndIgnoresALateResult) {
    SeededEntropy entropy(5);
    HealthLoop loop(true, seconds(5));
    EXPECT_TRUE(loop.started().run);
    EXPECT_FALSE(loop.wait_over().run);
    loop.stopped();
    EXPECT_EQ(loop.health(), Health::unknown);
    EXPECT_FALSE(loop.hook_ended(ok, false, SteadyTime{}, entropy).wait);
    EXPECT_EQ(loop.health(), Health::unknown);
}

TEST(HealthLoop, ExitCodesHaveUpstreamsMeaning) {
    EXPECT_EQ(health_of({0, 0}, false), Health::ok);
    EXPECT_EQ(health_of({1, 0}, false), Health::warning);
    EXPECT_EQ(health_of({2, 0}, false), Health::critical);
    EXPECT_EQ(health_of({3, 0}, false), Health::unknown);
    EXPECT_EQ(health_of({42, 0}, false), Health::unknown);
    EXPECT_EQ(health_of({0, 9}, false), Health::unknown);
    EXPECT_EQ(health_of({0, 0}, true), Health::unknown);
}

}  // namespace
}  // namespace hab::supervisor
