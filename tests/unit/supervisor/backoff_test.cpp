// SPDX-License-Identifier: Apache-2.0
#include "supervisor/backoff.hpp"

#include <gtest/gtest.h>

namespace hab::supervisor {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, ZeroTimesMeanImmediateRestartsForEver) {
    SeededEntropy entropy(1);
    Backoff backoff({milliseconds(0), milliseconds(0), false});
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(backoff.next(entropy), milliseconds(0));
}

TEST(Backoff, EveryWaitIsBetweenMinimumAndThreeTimesTheOneBefore) {
    SeededEntropy entropy(7);
    Backoff backoff({milliseconds(100), milliseconds(5000), false});
    milliseconds last = backoff.next(entropy);
    EXPECT_EQ(last, milliseconds(100));
    milliseconds longest = last;
    for (int i = 0; i < 200; ++i) {
        const auto next = backoff.next(entropy);
        EXPECT_GE(next, milliseconds(100));
        EXPECT_LE(next, std::min(milliseconds(5000), 3 * last));
        longest = std::max(longest, next);
        last = next;
    }
    EXPECT_GT(longest, milliseconds(1000)) << "the waits grow";
}

TEST(Backoff, TheFirstFailureAfterAResetIsFree) {
    SeededEntropy entropy(3);
    Backoff backoff({milliseconds(1000), milliseconds(60000), true});
    EXPECT_EQ(backoff.next(entropy), milliseconds(0));
    EXPECT_EQ(backoff.next(entropy), milliseconds(1000));
    EXPECT_EQ(backoff.failures(), 2u);
    backoff.reset();
    EXPECT_EQ(backoff.next(entropy), milliseconds(0));
}

TEST(Backoff, AMinimumAboveTheMaximumIsCut) {
    SeededEntropy entropy(3);
    Backoff backoff({milliseconds(1000), milliseconds(10), false});
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(backoff.next(entropy), milliseconds(10));
}

}  // namespace
}  // namespace hab::supervisor
