// SPDX-License-Identifier: Apache-2.0
// What strangers may send: cut short, changed, too large, repeated. Vectors of upstream are in
// tests/conformance/ring.
#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"
#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

MemberId id(char digit) {
    return MemberId::parse(std::string(32, digit)).value();
}

Member member(char digit) {
    Member one;
    one.id = id(digit);
    one.incarnation = 300;
    one.address = IpAddress::v4(10, 0, 0, 1);
    one.swim_port = 9638;
    one.gossip_port = 9638;
    return one;
}

Swim ping() {
    Swim swim;
    swim.from = member('a');
    swim.forward_to = member('b');
    swim.membership = {{member('c'), Health::suspect}, {member('d'), Health::confirmed}};
    return swim;
}

Rumor service() {
    ServiceRumor body;
    body.member = id('a');
    body.group = "redis.default";
    body.ident = "core/redis/1/20260101000000";
    body.config = "port = 1\n";
    body.system.ip = "10.0.0.1";
    body.system.hostname = "node";
    return {RumorKind::service, "x", body};
}

TEST(RingCodec, AMessageCutShortAnywhereIsRefused) {
    const std::string swim_bytes = encoded(ping());
    for (std::size_t size = 0; size < swim_bytes.size(); ++size) {
        Swim swim;
        if (decode_swim(std::string_view(swim_bytes).substr(0, size), swim) != Refusal::none)
            continue;
        // Between two fields nothing is missing but the rest of the piggyback.
        EXPECT_EQ(encoded(swim), swim_bytes.substr(0, size));
    }
    const std::string rumor_bytes = encoded(service());
    for (std::size_t size = 0; size < rumor_bytes.size(); ++size) {
        Rumor rumor;
        EXPECT_NE(decode_rumor(std::string_view(rumor_bytes).substr(0, size), rumor), Refusal::none)
            << size;
    }
}

TEST(RingCodec, MoreThanADatagramIsRefused) {
    Swim swim = ping();
    while (encoded(swim).size() <= max_datagram)
        swim.membership.push_back({member('e'), Health::alive});
    Swim read;
    EXPECT_EQ(decode_swim(encoded(swim), read), Refusal::too_large);
    swim.membership.pop_back();
    EXPECT_EQ(decode_swim(encoded(swim), read), Refusal::none);
}

TEST(RingCodec, AStreamMessageHasABound) {
    ConfigRumor config;
    config.group = "redis.default";
    const std::string body(max_stream_message, 'x');
    config.config = body;
    const std::string bytes = encoded(Rumor{RumorKind::service_config, "x", config});
    Rumor rumor;
    RumorHead head;
    EXPECT_EQ(decode_rumor(bytes, rumor), Refusal::too_large);
    EXPECT_EQ(decode_rumor_head(bytes, head), Refusal::too_large);
}

TEST(RingCodec, TwoPayloadsAreRefused) {
    const std::string bytes = encoded(ping());
    Swim swim;
    EXPECT_EQ(decode_swim(bytes + bytes, swim), Refusal::wrong_payload);
    const std::string rumor_bytes = encoded(service());
    Rumor rumor;
    EXPECT_EQ(decode_rumor(rumor_bytes + rumor_bytes, rumor), Refusal::wrong_payload);
}

TEST(RingCodec, OtherWireTypesOfKnownFieldsAreRefused) {
    Swim swim;
    EXPECT_EQ(decode_swim(std::string("\x0a\x01\x01", 3), swim), Refusal::malformed);
    Rumor rumor;
    EXPECT_EQ(decode_rumor(std::string("\x08\x02\x18\x01", 4), rumor), Refusal::malformed);
}

TEST(RingCodec, FieldZeroGroupsAndEndlessNumbersAreRefused) {
    Swim swim;
    EXPECT_EQ(decode_swim(std::string("\x00\x00", 2), swim), Refusal::malformed);
    EXPECT_EQ(decode_swim(std::string("\x0b\x0c", 2), swim), Refusal::malformed);
    EXPECT_EQ(decode_swim("\x08" + std::string(11, '\xff'), swim), Refusal::malformed);
}

TEST(RingCodec, TextsAreUtf8) {
    Rumor rumor = service();
    std::get<ServiceRumor>(rumor.body).ident = "core/\xff/1/2";
    Rumor read;
    EXPECT_EQ(decode_rumor(encoded(rumor), read), Refusal::malformed);
}

TEST(RingCodec, WhatAbortsAStockReceiverIsNeverWritten) {
    Swim swim = ping();
    swim.target = member('e');
    EXPECT_THROW((void)encoded(swim), Error);
    swim = ping();
    swim.kind = SwimKind::ping_req;
    EXPECT_THROW((void)encoded(swim), Error) << "no target";
    swim = ping();
    swim.kind = static_cast<SwimKind>(5);
    EXPECT_THROW((void)encoded(swim), Error);
    Rumor rumor = service();
    rumor.kind = RumorKind::departure;
    EXPECT_THROW((void)encoded(rumor), Error);
    rumor.kind = static_cast<RumorKind>(6);
    EXPECT_THROW((void)encoded(rumor), Error);
    EXPECT_THROW((void)encoded(Membership{}), Error) << "no id";
}

TEST(RingCodec, OnlyMembersThatStockCanReachAreSafeForIt) {
    Member one = member('a');
    EXPECT_TRUE(safe_for_stock(one));
    one.address = IpAddress::parse("fd00::1").value();
    EXPECT_FALSE(safe_for_stock(one));
    one.address = {};
    EXPECT_FALSE(safe_for_stock(one));
    one.address = IpAddress::v4(0, 0, 0, 0);
    EXPECT_FALSE(safe_for_stock(one));
    one.address = IpAddress::v4(1, 2, 3, 4);
    one.gossip_port = 0;
    EXPECT_FALSE(safe_for_stock(one));
}

TEST(RingCodec, AnAddressThatIsNoneIsRefused) {
    std::string bytes = encoded(Membership{member('a'), Health::alive});
    bytes.replace(bytes.find("10.0.0.1"), 8, "10.0.0.x");
    Membership membership;
    EXPECT_EQ(decode_membership(bytes, membership), Refusal::bad_address);
}

}  // namespace
}  // namespace hab::ring
