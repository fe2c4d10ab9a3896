// SPDX-License-Identifier: Apache-2.0
#include "ring/node/member_table.hpp"

#include <gmock/gmock.h>

#include "ids.hpp"

namespace hab::ring {
namespace {

TEST(MemberTable, KnowsWhoCanBeReached) {
    MemberBook book;
    MemberTable table(book);
    for (unsigned i = 1; i <= 3; ++i)
        EXPECT_TRUE(table.merge({test_member(i), Health::alive}).added);
    const Slot second = table.find(test_id(2)).value();
    EXPECT_TRUE(table.merge({test_member(2), Health::confirmed}).accepted);
    EXPECT_EQ(table.reachable().size(), 2u);
    EXPECT_EQ(table.size(), 3u);
    EXPECT_TRUE(table.merge({test_member(2, 1), Health::alive}).accepted);
    EXPECT_THAT(table.reachable(), testing::Contains(second));
    EXPECT_EQ(table.record(second), (Membership{test_member(2, 1), Health::alive}));
}

TEST(MemberTable, ARecordWithoutAnAddressBringsNobodyIn) {
    MemberBook book;
    MemberTable table(book);
    Member member = test_member(1);
    member.address = {};
    EXPECT_FALSE(table.merge({member, Health::alive}).accepted);
    EXPECT_TRUE(table.merge({test_member(1), Health::alive}).accepted);
    member.incarnation = 1;
    EXPECT_TRUE(table.merge({member, Health::alive}).accepted);
    EXPECT_EQ(table.record(*table.find(test_id(1))).member.address, test_member(1).address);
}

TEST(MemberTable, CountsReachableStockMembers) {
    MemberBook book;
    MemberTable table(book);
    const Slot slot = table.merge({test_member(1), Health::alive}).slot;
    table.set_kind(slot, PeerKind::stock);
    EXPECT_EQ(table.stock_alive(), 1u);
    table.set_health(slot, Health::confirmed);
    EXPECT_EQ(table.stock_alive(), 0u);
    table.set_health(slot, Health::alive);
    table.set_kind(slot, PeerKind::own);
    EXPECT_EQ(table.stock_alive(), 0u);
}

TEST(MemberTable, WhoIsRemovedLeavesTheBook) {
    MemberBook book;
    {
        MemberTable table(book);
        const Slot slot = table.merge({test_member(1), Health::departed}).slot;
        EXPECT_TRUE(book.find(test_id(1)));
        table.remove(slot);
        EXPECT_FALSE(book.find(test_id(1)));
        EXPECT_EQ(table.find(test_id(1)), std::nullopt);
        EXPECT_EQ(table.merge({test_member(2), Health::alive}).slot, slot) << "slots are reused";
    }
    EXPECT_FALSE(book.find(test_id(2))) << "a table that goes gives back what it holds";
}

TEST(MemberTable, TwoTablesShareABook) {
    MemberBook book;
    MemberTable one(book);
    MemberTable two(book);
    (void)two.merge({test_member(9), Health::alive});
    (void)one.merge({test_member(1), Health::alive});
    (void)two.merge({test_member(1), Health::suspect});
    EXPECT_EQ(one.record(*one.find(test_id(1))).health, Health::alive);
    EXPECT_EQ(two.record(*two.find(test_id(1))).health, Health::suspect);
    EXPECT_EQ(one.find(test_id(9)), std::nullopt);
}

TEST(MemberTable, AnEntryIsSmall) {
    // Ten thousand nodes that know each other are 10^8 of these.
    EXPECT_LE(sizeof(MemberEntry), 24u);
}

}  // namespace
}  // namespace hab::ring
