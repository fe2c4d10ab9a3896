// SPDX-License-Identifier: Apache-2.0
#include "ring/node/suspicion.hpp"

#include <gmock/gmock.h>

#include "ids.hpp"

namespace hab::ring {
namespace {

TEST(SuspicionWait, GrowsWithTheRingAndShrinksWithAccusers) {
    const Tuning tuning;
    const auto hundred = suspicion_wait(tuning, 100, 0);
    EXPECT_EQ(hundred.least, 2 * tuning.suspicion_least);
    EXPECT_EQ(hundred.after(0), hundred.most);
    EXPECT_LT(hundred.after(1), hundred.after(0));
    EXPECT_LT(hundred.after(2), hundred.after(1));
    EXPECT_EQ(hundred.after(3), hundred.least);
    EXPECT_EQ(suspicion_wait(tuning, 10'000, 0).least, 4 * tuning.suspicion_least);
}

TEST(SuspicionWait, InATinyRingNobodyElseCanAgree) {
    const auto two = suspicion_wait(Tuning{}, 2, 0);
    EXPECT_EQ(two.voices, 0u);
    EXPECT_EQ(two.after(0), two.least);
}

TEST(SuspicionWait, WithStockMembersNeverFasterThanTheyAre) {
    const auto mixed = suspicion_wait(Tuning{}, 10, 1);
    EXPECT_EQ(mixed.least, milliseconds(9300));
}

TEST(Suspicions, EndWhenTheirTimeIsOver) {
    Suspicions suspicions;
    suspicions.start(3, 1, 1000, {100, 600, 3}, test_id(1));
    EXPECT_EQ(suspicions.next(), 1600u);
    EXPECT_EQ(suspicions.due(1599), std::nullopt);
    EXPECT_EQ(suspicions.due(1600), 3u);
    suspicions.end(3);
    EXPECT_EQ(suspicions.next(), never);
}

TEST(Suspicions, OnlyOtherAccusersOfTheSameLifeCount) {
    Suspicions suspicions;
    suspicions.start(3, 7, 1000, {100, 600, 3}, test_id(1));
    EXPECT_FALSE(suspicions.accuse(3, 7, test_id(1))) << "the same voice again";
    EXPECT_FALSE(suspicions.accuse(3, 6, test_id(2))) << "about an earlier incarnation";
    EXPECT_FALSE(suspicions.accuse(4, 7, test_id(2))) << "about somebody not suspected";
    EXPECT_EQ(suspicions.next(), 1600u);
    EXPECT_TRUE(suspicions.accuse(3, 7, test_id(2)));
    EXPECT_TRUE(suspicions.accuse(3, 7, test_id(3)));
    EXPECT_TRUE(suspicions.accuse(3, 7, test_id(4)));
    EXPECT_EQ(suspicions.next(), 1100u);
    EXPECT_FALSE(suspicions.accuse(3, 7, test_id(5))) << "enough is enough";
}

TEST(Suspicions, GrantsDelayTheEnd) {
    Suspicions suspicions;
    suspicions.start(1, 0, 0, {100, 100, 0}, {});
    suspicions.grant(1, 500);
    EXPECT_EQ(suspicions.next(), 500u);
    suspicions.grant_all(50);
    EXPECT_EQ(suspicions.next(), 550u);
}

}  // namespace
}  // namespace hab::ring
