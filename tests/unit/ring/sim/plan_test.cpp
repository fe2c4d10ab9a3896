// SPDX-License-Identifier: Apache-2.0
// Supervisors that run a plan's service in virtual time.
#include <gmock/gmock.h>

#include "ring/sim/run.hpp"

namespace hab::ring::sim {
namespace {

Options plan_options() {
    Options options;
    options.seed = 3;
    options.nodes = 5;
    options.duration = seconds(30);
    options.plan = Plan{.context = "habitat",
                        .name = "shop",
                        .ident = "me/shop/1.0.0/20000101000000",
                        .exports = "port = 80\n",
                        .binds = {{"database", {"port"}, true}, {"cache", {"port"}, false}}};
    return options;
}

/// What is told of a good run.
std::string story_of(const Options& options, std::uint64_t* hash = nullptr) {
    std::string all;
    const Outcome outcome =
        run(options, [&](Time, const std::string& text) { all += text + "\n"; });
    EXPECT_TRUE(outcome.good()) << testing::PrintToString(outcome.violations);
    if (hash != nullptr) *hash = outcome.hash;
    return all;
}

TEST(ASimulatedPlan, StandInsAreTheLastNodesAndHalfOfThemAtMost) {
    Options options = plan_options();
    EXPECT_EQ(options.group_of(0), "shop.default");
    EXPECT_EQ(options.group_of(2), "shop.default");
    EXPECT_EQ(options.group_of(4), "database.stand-in");
    EXPECT_EQ(options.group_of(3), "cache.stand-in");
    EXPECT_FALSE(options.elects(4));
    options.nodes = 12;
    EXPECT_EQ(options.group_of(10), "database.stand-in");
    EXPECT_EQ(options.group_of(8), "cache.stand-in");
    EXPECT_EQ(options.group_of(7), "shop.default");
}

TEST(ASimulatedPlan, StartsWithItsBindsFollowsItsConfigurationAndItsLeader) {
    const std::string story = story_of(plan_options());
    EXPECT_THAT(story, testing::HasSubstr("init and run, as stubs; bind database: 1"));
    EXPECT_THAT(story, testing::HasSubstr("configuration 1: templates, reconfigure"));
    EXPECT_THAT(story, testing::HasSubstr("configuration 2: templates, reconfigure"));
    EXPECT_THAT(story, testing::ContainsRegex("node [012] leads, term [0-9]+"));
}

TEST(ASimulatedPlan, KeepsItsPromisesUnderFaultsAndIsTheSameRunAgain) {
    Options options = plan_options();
    options.nodes = 7;
    options.faults = Faults::parse("crash,partition,leave,loss");
    bool members_changed = false;
    for (options.seed = 1; options.seed < 5; ++options.seed) {
        std::uint64_t once = 0;
        std::uint64_t twice = 0;
        const std::string story = story_of(options, &once);
        EXPECT_EQ(story, story_of(options, &twice));
        EXPECT_EQ(once, twice);
        members_changed = members_changed || story.find(" members, not ") != std::string::npos;
    }
    EXPECT_TRUE(members_changed);
}

}  // namespace
}  // namespace hab::ring::sim
