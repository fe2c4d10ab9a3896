// SPDX-License-Identifier: Apache-2.0
// What nodes of ours add: it must survive the way and never stand in stock's.
#include <gtest/gtest.h>

#include <string>

#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

MemberId id(char digit) {
    return MemberId::parse(std::string(32, digit)).value();
}

Swim extended_ping() {
    Swim swim;
    swim.from.id = id('a');
    swim.from.swim_port = 1;
    swim.from.gossip_port = 2;
    SwimExtension extension;
    extension.abilities = ability::own_messages | ability::ipv6;
    extension.sequence = 7;
    extension.echo = 8;
    extension.to = id('b');
    extension.advertised = IpAddress::parse("fd00::1").value();
    extension.advertised_port = 9638;
    swim.extension = extension;
    return swim;
}

TEST(RingExtension, SurvivesTheWay) {
    Swim read;
    const std::string bytes = encoded(extended_ping());
    ASSERT_EQ(decode_swim(bytes, read), Refusal::none);
    EXPECT_EQ(read, extended_ping());
}

TEST(RingExtension, StandsBehindEverythingThatStockReads) {
    Swim plain = extended_ping();
    plain.extension.reset();
    EXPECT_TRUE(encoded(extended_ping()).starts_with(encoded(plain)));
}

TEST(RingExtension, OfSomebodyElseIsSkipped) {
    Swim plain = extended_ping();
    plain.extension.reset();
    // Field 1000 as a number, and as bytes that are no message of ours.
    for (const std::string& tail :
         {std::string("\xc0\x3e\x05", 3), std::string("\xc2\x3e\x03\x21\x01\x02", 6)}) {
        Swim read;
        const std::string bytes = encoded(plain) + tail;
        ASSERT_EQ(decode_swim(bytes, read), Refusal::none);
        EXPECT_FALSE(read.extension);
    }
}

OwnMessage own_message() {
    OwnMessage message;
    message.from = id('a');
    message.exchange = 9;
    message.shards = 64;
    message.hashes = {{0, 1}, {63, ~std::uint64_t{0}}};
    message.differing = {3, 63};
    RumorVersion version;
    version.head.kind = RumorKind::service_file;
    version.head.key = "redis.default";
    version.head.id = "users.acl";
    version.head.version = 5;
    version.rank = 2;
    version.wanted = true;
    message.versions = {version};
    version = {};
    version.head.kind = RumorKind::departure;
    version.head.member = id('c');
    message.versions.push_back(version);
    message.rumors = {"one", ""};
    return message;
}

TEST(RingOwnMessage, SurvivesTheWayAndIsToldFromARumor) {
    const std::string bytes = encoded(own_message());
    OwnMessage read;
    ASSERT_EQ(decode_own(bytes, read), Refusal::none);
    EXPECT_EQ(read, own_message());
    EXPECT_TRUE(is_own_message(bytes));
    Rumor rumor;
    EXPECT_EQ(decode_rumor(bytes, rumor), Refusal::missing_field);
    DepartureRumor departure{id('a')};
    EXPECT_FALSE(is_own_message(encoded(Rumor{RumorKind::departure, "x", departure})));
    EXPECT_FALSE(is_own_message(""));
}

TEST(RingOwnMessage, NeedsASenderAndHasBounds) {
    OwnMessage read;
    EXPECT_EQ(decode_own("", read), Refusal::missing_field);
    std::string many = encoded(own_message());
    for (int i = 0; i < 20000; ++i)
        many += std::string("\xba\x06\x00", 3);  // empty hashes
    EXPECT_EQ(decode_own(many, read), Refusal::too_large);
    EXPECT_EQ(decode_own(std::string(max_stream_message + 1, 'x'), read), Refusal::too_large);
}

}  // namespace
}  // namespace hab::ring
