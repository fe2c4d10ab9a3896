// SPDX-License-Identifier: Apache-2.0
// The small parts: news, order of probes, hashes, randomness, local health.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "ring/node/hot_queue.hpp"
#include "ring/node/local_health.hpp"
#include "ring/node/probe_order.hpp"
#include "ring/node/state_hash.hpp"

namespace hab::ring {
namespace {

std::vector<int> told(HotQueue<int>& queue, unsigned budget, std::size_t most) {
    std::vector<int> keys;
    queue.offer(budget, 1, [&](int key) {
        if (keys.size() == most) return false;
        keys.push_back(key);
        return true;
    });
    return keys;
}

TEST(RetransmitBudget, GrowsWithTheLogarithm) {
    EXPECT_EQ(retransmit_budget(2), 4u);
    EXPECT_EQ(retransmit_budget(9), 4u);
    EXPECT_EQ(retransmit_budget(10), 8u);
    EXPECT_EQ(retransmit_budget(100), 12u);
    EXPECT_EQ(retransmit_budget(1'000), 16u);
    EXPECT_EQ(retransmit_budget(10'000), 20u);
}

TEST(HotQueue, TellsWhatWasToldLeastAndOfThatTheNewest) {
    HotQueue<int> queue;
    queue.heat(1);
    queue.heat(2);
    EXPECT_THAT(told(queue, 4, 1), testing::ElementsAre(2));
    EXPECT_THAT(told(queue, 4, 2), testing::ElementsAre(1, 2));
}

TEST(HotQueue, ForgetsWhatWasToldOftenEnough) {
    HotQueue<int> queue;
    queue.heat(7);
    for (int i = 0; i < 3; ++i)
        EXPECT_THAT(told(queue, 3, 9), testing::ElementsAre(7));
    EXPECT_TRUE(queue.empty());
}

TEST(HotQueue, WhatIsRefusedDoesNotCountAndDoesNotBlock) {
    HotQueue<int> queue;
    queue.heat(1);
    queue.heat(2);
    std::vector<int> taken;
    queue.offer(4, 2, [&](int key) {
        if (key == 2) return false;
        taken.push_back(key);
        return true;
    });
    EXPECT_THAT(taken, testing::ElementsAre(1));
    EXPECT_TRUE(queue.fresh()) << "2 was never told";
}

TEST(HotQueue, NewsAboutTheSameStartsAnew) {
    HotQueue<int> queue;
    queue.heat(1);
    (void)told(queue, 2, 1);
    queue.heat(1);
    EXPECT_EQ(queue.size(), 1u);
    EXPECT_THAT(told(queue, 2, 1), testing::ElementsAre(1));
    EXPECT_THAT(told(queue, 2, 1), testing::ElementsAre(1));
    EXPECT_TRUE(queue.empty());
}

TEST(ProbeOrder, EveryMemberOncePerRound) {
    Random random(3);
    ProbeOrder order;
    for (Slot slot = 0; slot < 50; ++slot)
        order.insert(slot, random);
    const auto all = [](Slot) { return true; };
    std::set<Slot> first;
    for (int i = 0; i < 50; ++i)
        first.insert(order.next(random, all).value());
    EXPECT_EQ(first.size(), 50u);
}

TEST(ProbeOrder, ANewcomerComesWithinTheRound) {
    Random random(5);
    ProbeOrder order;
    for (Slot slot = 0; slot < 20; ++slot)
        order.insert(slot, random);
    const auto all = [](Slot) { return true; };
    for (int i = 0; i < 10; ++i)
        (void)order.next(random, all);
    order.insert(99, random);
    bool seen = false;
    for (int i = 0; i < 11; ++i)
        seen = seen || order.next(random, all) == 99u;
    EXPECT_TRUE(seen);
}

TEST(ProbeOrder, NobodyWantedIsNobody) {
    Random random(1);
    ProbeOrder order;
    order.insert(4, random);
    EXPECT_EQ(order.next(random, [](Slot) { return false; }), std::nullopt);
    order.remove(4);
    EXPECT_EQ(order.next(random, [](Slot) { return true; }), std::nullopt);
}

TEST(StateHash, DoesNotDependOnTheOrderAndUndoesItself) {
    StateHash one;
    StateHash two;
    one.toggle(11, 1, 0);
    one.toggle(22, 5, 1);
    two.toggle(22, 5, 1);
    two.toggle(11, 1, 0);
    EXPECT_EQ(one.all(), two.all());
    two.toggle(11, 1, 0);
    two.toggle(11, 2, 0);
    EXPECT_NE(one.all(), two.all()) << "another version is another state";
    two.toggle(11, 2, 0);
    two.toggle(22, 5, 1);
    EXPECT_EQ(two.all(), StateHash{}.all());
    EXPECT_NE(two.all(), 0u);
}

TEST(Random, SameSeedSameStreamAndInBounds) {
    Random one(42);
    Random two(42);
    Random other(43);
    bool differs = false;
    for (int i = 0; i < 1000; ++i) {
        const auto value = one.below(7);
        EXPECT_EQ(value, two.below(7));
        EXPECT_LT(value, 7u);
        differs = differs || value != other.below(7);
    }
    EXPECT_TRUE(differs);
}

TEST(LocalHealth, StretchesWaitsWithinItsBounds) {
    LocalHealth health(3);
    EXPECT_EQ(health.stretch(100), 100u);
    health.worse(2);
    EXPECT_EQ(health.stretch(100), 300u);
    health.worse(9);
    EXPECT_EQ(health.score(), 3u);
    for (int i = 0; i < 9; ++i)
        health.better();
    EXPECT_EQ(health.score(), 0u);
}

}  // namespace
}  // namespace hab::ring
