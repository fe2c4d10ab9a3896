// SPDX-License-Identifier: Apache-2.0
#include "net/endpoint.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "net/url.hpp"

namespace hab::net {
namespace {

TEST(Endpoint, ReadsWhatItWrites) {
    for (const char* text : {"0.0.0.0:9631", "[::1]:80", "db.example:5432", "unix:/run/hab.sock"}) {
        EXPECT_EQ(Endpoint::parse(text, 1, "--listen-http").to_string(), text);
    }
}

TEST(Endpoint, TakesTheDefaultPort) {
    EXPECT_EQ(Endpoint::parse("10.0.0.1", 9632, "x"), (Endpoint{"10.0.0.1", 9632, {}}));
    EXPECT_EQ(Endpoint::parse("[fe80::1]", 9632, "x"), (Endpoint{"fe80::1", 9632, {}}));
    EXPECT_EQ(Endpoint::parse("localhost:0", 9632, "x").port, 0);
}

TEST(Endpoint, RefusesWithASentenceThatNamesTheOption) {
    for (const char* text :
         {"", ":80", "a:b", "a:65536", "a:-1", "a:", "::1", "[::1", "[::1]x", "unix:"}) {
        try {
            (void)Endpoint::parse(text, 1, "--listen-http");
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::usage) << text;
            EXPECT_THAT(error.message(), testing::HasSubstr("--listen-http"));
            EXPECT_THAT(error.hint(), testing::HasSubstr("127.0.0.1:9631"));
        }
    }
    EXPECT_THROW((void)Endpoint::parse("unix:/" + std::string(200, 'a'), 1, "x"), Error);
}

TEST(PercentCoding, RoundTripsAndRefusesBrokenEscapes) {
    EXPECT_EQ(percent_encode("a/b c~\xff"), "a%2Fb%20c~%FF");
    EXPECT_EQ(percent_decode("a%2Fb%20c~%ff"), "a/b c~\xff");
    for (const char* text : {"%", "%4", "a%zz", "%00"}) {
        EXPECT_FALSE(percent_decode(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace hab::net
