// SPDX-License-Identifier: Apache-2.0
// The texts inside messages: ids, addresses, service groups.
#include <gtest/gtest.h>

#include "ring/codec/codec.hpp"

namespace hab::ring {
namespace {

TEST(RingMemberId, IsThirtyTwoLowerCaseDigits) {
    const std::string text = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    EXPECT_EQ(MemberId::parse(text).value().to_string(), text);
    EXPECT_FALSE(MemberId::parse(""));
    EXPECT_FALSE(MemberId::parse(text.substr(1)));
    EXPECT_FALSE(MemberId::parse(text + "0"));
    EXPECT_FALSE(MemberId::parse("0F" + text.substr(2)));
    EXPECT_FALSE(MemberId::parse("0g" + text.substr(2)));
    EXPECT_FALSE(MemberId::parse(std::string(32, '0'))) << "that is nobody";
    EXPECT_TRUE(MemberId{}.empty());
}

TEST(RingMemberId, SortsAsItsText) {
    const auto low = MemberId::parse("09999999999999999999999999999999").value();
    const auto high = MemberId::parse("0a000000000000000000000000000000").value();
    EXPECT_LT(low, high);
    EXPECT_LT(low.to_string(), high.to_string());
}

TEST(RingAddress, IsReadAsUpstreamDoes) {
    EXPECT_EQ(IpAddress::parse("10.0.0.1").value(), IpAddress::v4(10, 0, 0, 1));
    EXPECT_EQ(IpAddress::parse("10.0.0.1").value().to_string(), "10.0.0.1");
    EXPECT_EQ(IpAddress::parse("255.0.10.9").value(), IpAddress::v4(255, 0, 10, 9));
    EXPECT_EQ(IpAddress::parse("0.0.0.0").value(), IpAddress::v4(0, 0, 0, 0));
    EXPECT_EQ(IpAddress::parse("fd00::1").value().to_string(), "fd00::1");
    EXPECT_EQ(IpAddress::parse("::ffff:10.0.0.1").value(), IpAddress::v4(10, 0, 0, 1));
    for (const char* const bad :
         {"", "10.0.0", "10.0.0.", "10.0.0.1.", "10.0.0.1.2", "10..0.1", ".10.0.0", "10.0.0.1234",
          "010.0.0.1", "10.0.0.-1", "10.0.0.1 ", "10.0.0.01", "10.0.0.256", "::", "fe80::1%eth0",
          "[::1]", "host", " 10.0.0.1"})
        EXPECT_FALSE(IpAddress::parse(bad)) << bad;
    EXPECT_FALSE(IpAddress::parse(std::string_view("10.0.0.1\0", 9)));
    EXPECT_EQ(IpAddress{}.to_string(), "");
    EXPECT_FALSE(IpAddress{}.usable());
}

TEST(RingAddress, OfAnEndpointHasBracketsWhereNeeded) {
    EXPECT_EQ((Endpoint{IpAddress::v4(10, 0, 0, 1), 9638}).to_string(), "10.0.0.1:9638");
    EXPECT_EQ((Endpoint{IpAddress::parse("fd00::1").value(), 1}).to_string(), "[fd00::1]:1");
}

TEST(RingGroup, HasTwoPartsAndPerhapsAnOrganisation) {
    EXPECT_EQ(checked_group("redis.default"), "redis.default");
    EXPECT_EQ(checked_group("redis.default@acme"), "redis.default@acme");
    EXPECT_EQ(checked_group("app.env#redis.default"), "redis.default");
    for (const char* const bad :
         {"", ".", "redis", "redis.", ".default", "redis.default.more", "redis.default@", "@acme",
          "redis.default@a@b", "redis.default@a.b", "#redis.default", "a@b#redis.default",
          "redis@x.default", "a#b#redis.default"})
        EXPECT_EQ(checked_group(bad), "") << bad;
}

TEST(RingNames, EveryValueHasAWord) {
    for (int i = 1; i <= 4; ++i)
        EXPECT_NE(to_string(static_cast<Health>(i)), "unknown");
    for (const int i : {1, 2, 3, 4, 5, 8, 9})
        EXPECT_NE(to_string(static_cast<RumorKind>(i)), "unknown");
    for (int i = 0; i <= static_cast<int>(Refusal::not_authentic); ++i)
        EXPECT_NE(to_string(static_cast<Refusal>(i)), "unknown");
}

}  // namespace
}  // namespace hab::ring
