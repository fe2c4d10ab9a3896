// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hab {
namespace {

using ::testing::ElementsAre;

TEST(Strings, SplitKeepsEmptyPieces) {
    EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
    EXPECT_THAT(split("", ','), ElementsAre(""));
    EXPECT_THAT(split(",", ','), ElementsAre("", ""));
}

TEST(Strings, TrimJoinReplace) {
    EXPECT_EQ(trim(" \t a b\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(join(std::vector<std::string>{"a", "b"}, ", "), "a, b");
    EXPECT_EQ(replace_all("aXbXX", "X", "yy"), "ayybyyyy");
    EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(Strings, NumbersAreWholeAndInRange) {
    EXPECT_EQ(parse_u64("18446744073709551615"), UINT64_MAX);
    for (const char* text : {"", "18446744073709551616", "-1", "1 ", "+1", "0x1"}) {
        EXPECT_EQ(parse_u64(text), std::nullopt) << text;
    }
}

TEST(Strings, Utf8RefusesSurrogatesAndOverlongForms) {
    EXPECT_TRUE(is_utf8("häuser \xf0\x9f\x98\x80"));
    for (const char* text :
         {"\xff", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3"}) {
        EXPECT_FALSE(is_utf8(text));
    }
}

TEST(Strings, NearestFindsTyposOnly) {
    const std::vector<std::string> words = {"install", "verify", "sign"};
    EXPECT_EQ(nearest("instal", words), "install");
    EXPECT_EQ(nearest("vreify", words), "verify");
    EXPECT_EQ(nearest("lsit", std::vector<std::string>{"list"}), "list") << "swapped letters";
    EXPECT_EQ(nearest("quux", words), std::nullopt);
}

TEST(Strings, ShellQuoteSurvivesTheShell) {
    EXPECT_EQ(shell_quote("plain-1.2/x"), "plain-1.2/x");
    EXPECT_EQ(shell_quote("it's"), "'it'\\''s'");
    EXPECT_EQ(shell_quote(""), "''");
}

}  // namespace
}  // namespace hab
