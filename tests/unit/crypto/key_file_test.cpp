// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab::crypto {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view key32 = "YFt55lgI3l/vcTEp/7IFGIXgnrLr5bWMADbIvuHKkoY=";

std::string good() {
    return std::string("SIG-PUB-1\nhappy-20160424223347\n\n").append(key32);
}

std::string reason(std::string_view text) {
    try {
        (void)parse_key(text, "the text");
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::crypto);
        EXPECT_FALSE(error.hint().empty());
        return error.message();
    }
    return "no error";
}

TEST(KeyFile, ReadsWhatUpstreamWrites) {
    const KeyText key = parse_key(good(), "the text");
    EXPECT_EQ(key.name.name, "happy");
    EXPECT_EQ(key.name.revision, "20160424223347");
    EXPECT_EQ(key.kind, KeyKind::signing_public);
    EXPECT_EQ(key.bytes.size(), 32u);
    EXPECT_EQ(format_key(key.name, key.kind, key.bytes), good());
}

TEST(KeyFile, AcceptsCrlfAndLinesAfterTheKey) {
    const std::string text =
        std::string("SIG-PUB-1\r\nhappy-20160424223347\r\n\r\n").append(key32) + "\r\nmore\n";
    EXPECT_EQ(parse_key(text, "the text").name.name, "happy");
}

TEST(KeyFile, EveryDefectHasItsSentence) {
    EXPECT_THAT(reason(""), HasSubstr("it is empty"));
    EXPECT_THAT(reason("NONSENSE-15\nhappy-20160424223347\n\nx"),
                HasSubstr("unknown format 'NONSENSE-15'"));
    EXPECT_THAT(reason("SIG-PUB-1\n"), HasSubstr("name and revision is missing"));
    EXPECT_THAT(reason("SIG-PUB-1\nhappy\n\nx"), HasSubstr("'happy' is not a name followed by"));
    EXPECT_THAT(reason("SIG-PUB-1\n../x-20160424223347\n\nx"), HasSubstr("is not a name"));
    EXPECT_THAT(reason("SIG-PUB-1\nhappy-20160424223347"), HasSubstr("empty line"));
    EXPECT_THAT(reason("SIG-PUB-1\nhappy-20160424223347\n\n"), HasSubstr("key is missing"));
    EXPECT_THAT(reason("SIG-PUB-1\nhappy-20160424223347\n\n!!!!"), HasSubstr("not valid base64"));
    EXPECT_THAT(reason("SIG-PUB-1\nhappy-20160424223347\n\nAAAA"), HasSubstr("has 3 bytes"));
}

TEST(KeyFile, FirstLinesAndBase64AreTakenStrictly) {
    const std::string rest = std::string("\nhappy-20160424223347\n\n").append(key32);
    EXPECT_THAT(reason(" SIG-PUB-1" + rest), HasSubstr("unknown format ' SIG-PUB-1'"));
    EXPECT_THAT(reason("SIG-PUB-1 " + rest), HasSubstr("unknown format"));
    EXPECT_THAT(reason("SYM-SEC-2" + rest), HasSubstr("unknown format"));
    EXPECT_THAT(reason("SIG-PUB-1\n happy-20160424223347\n\nAAAA"), HasSubstr("is not a name"));
    std::string text = good();
    text.pop_back();
    EXPECT_THAT(reason(text), HasSubstr("not valid base64")) << "the padding is required";
    text = good();
    text[text.size() - 2] = 'Z';
    EXPECT_THAT(reason(text), HasSubstr("not valid base64")) << "bits that mean nothing are set";
    EXPECT_EQ(parse_key(good() + " \n", "the text").bytes.size(), 32u) << "blanks around are not";
}

TEST(KeyFile, ThirdLineIsNotLookedAt) {
    const std::string text =
        std::string("SIG-PUB-1\nhappy-20160424223347\nanything\n").append(key32);
    EXPECT_EQ(parse_key(text, "the text").name.name, "happy");
}

TEST(KeyName, TakesTheLastDashAndExactlyFourteenDigits) {
    const auto name = KeyName::parse("core-plans-20160424223347");
    ASSERT_TRUE(name);
    EXPECT_EQ(name->name, "core-plans");
    EXPECT_FALSE(KeyName::parse("core-2016042422334"));
    EXPECT_FALSE(KeyName::parse("core-201604242233477"));
    EXPECT_FALSE(KeyName::parse("-20160424223347"));
    EXPECT_FALSE(KeyName::parse("co/re-20160424223347"));
    EXPECT_TRUE(KeyName::parse("redis.default@acme-20160424223347"));
}

TEST(KeyName, OriginNames) {
    EXPECT_TRUE(is_valid_origin_name("core"));
    EXPECT_TRUE(is_valid_origin_name("0-a_b"));
    EXPECT_FALSE(is_valid_origin_name(""));
    EXPECT_FALSE(is_valid_origin_name("Core"));
    EXPECT_FALSE(is_valid_origin_name("-core"));
    EXPECT_FALSE(is_valid_origin_name("_core"));
    EXPECT_FALSE(is_valid_origin_name("co.re"));
    EXPECT_FALSE(is_valid_origin_name("co re"));
    EXPECT_FALSE(is_valid_origin_name("core\n"));
    EXPECT_TRUE(is_valid_origin_name(std::string(255, 'a')));
    EXPECT_FALSE(is_valid_origin_name(std::string(256, 'a')));
}

TEST(KeyFile, FileNamesKeepDotsInNames) {
    const auto name = KeyName::parse("redis.default@acme-20160424223347");
    ASSERT_TRUE(name);
    EXPECT_EQ(key_file_name(*name, KeyKind::signing_secret),
              "redis.default@acme-20160424223347.sig.key");
}

}  // namespace
}  // namespace hab::crypto
