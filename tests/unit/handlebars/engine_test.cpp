// SPDX-License-Identifier: Apache-2.0
// What the tables cannot show: places of errors, limits, blocks of output, lifetime of names.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

struct BadText {
    const char* text;
    const char* where;
    const char* message;  ///< part of it
};

const BadText bad_texts[] = {
    {"a\nb {{#if x}}\nc", "t:2:3", "the block 'if' is never closed"},
    {"{{#if x}}\n  {{/each}}", "t:2:3", "'{{/each}}' closes the block 'if' that began at t:1:1"},
    {"ab\n{{/if}}", "t:2:1", "'{{/if}}' closes a block that was never opened"},
    {"x {{else}}", "t:1:3", "'{{else}}' stands outside of any block"},
    {"{{#if a}}{{else}}{{else}}{{/if}}", "t:1:18", "a second '{{else}}'"},
    {"ü {{x", "t:1:3", "a tag is never closed"},
    {"{{x \"abc}}", "t:1:5", "a string is never closed"},
    {"{{}}", "t:1:3", "a tag is empty"},
    {"{{ x | upper }}", "t:1:6", "unexpected '|' in a tag"},
    {"{{#each}}x{{/each}}", "t:1:4", "'#each' needs exactly one argument, but has 0"},
    {"{{toJson (strJoin l}}", "t:1:11", "a '(' has no ')'"},
    {"{{a.}}", "t:1:5", "the path 'a.' ends with a dot"},
    {"{{a/../b}}", "t:1:3", "'..' stands in the middle of a path"},
    {"{{x 1a}}", "t:1:5", "'1a…' is not a number"},
    {"{{#each a as |b}}{{/each}}", "t:1:16", "malformed"},
    {"{{{{raw}}}} {{x}}", "t:1:1", "the raw block 'raw' is never closed"},
    {"{{> }}", "t:1:5", "a partial tag has no name"},
};

TEST(Engine, TellsWhereATextIsBroken) {
    for (const BadText& bad : bad_texts) {
        SCOPED_TRACE(bad.text);
        Driver driver("modern");
        EXPECT_FALSE(driver.compile("t", bad.text));
        EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE);
        EXPECT_EQ(driver.failure().where, bad.where);
        EXPECT_NE(driver.failure().message.find(bad.message), std::string::npos)
            << driver.failure().message;
    }
}

TEST(Engine, TellsWhereARenderFailed) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"n":5})"));
    ASSERT_TRUE(driver.compile("inner.conf", "a\n b {{toUppercase n}}"));
    ASSERT_TRUE(driver.compile("t", "x\n{{> inner.conf}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().where, "inner.conf:2:6");
    EXPECT_EQ(driver.failure().message,
              "helper 'toUppercase': argument 1 must be a string, but is a number");
}

TEST(Engine, SaysThatABlockNeedsItsSign) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load("{}"));
    ASSERT_TRUE(driver.compile("t", "{{if alive}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().where, "t:1:3");
    EXPECT_EQ(driver.failure().message, "there is no helper 'if'");
    EXPECT_EQ(driver.failure().hint, "a block begins with '#': {{#if …}}");
}

TEST(Engine, StopsPartialsThatIncludeEachOther) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load("{}"));
    ASSERT_TRUE(driver.compile("a", "{{> b}}"));
    ASSERT_TRUE(driver.compile("b", "{{> a}}"));
    EXPECT_FALSE(driver.render("a").has_value());
    EXPECT_NE(driver.failure().message.find("include each other more than 60"), std::string::npos)
        << driver.failure().message;
}

TEST(Engine, StopsPartialsThatDoubleAtEachLevel) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load("{}"));
    for (int i = 0; i < 40; ++i) {
        const std::string next = "p" + std::to_string(i + 1);
        ASSERT_TRUE(
            driver.compile("p" + std::to_string(i), "{{> " + next + "}}{{> " + next + "}}"));
    }
    ASSERT_TRUE(driver.compile("p40", ""));
    EXPECT_FALSE(driver.render("p0").has_value());
    EXPECT_NE(driver.failure().message.find("more than 100000 partials"), std::string::npos);
}

TEST(Engine, LetsARecursivePartialEnd) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"v":1,"next":{"v":2,"next":{"v":3}}})"));
    ASSERT_TRUE(driver.compile("t", "{{v}}{{#with next}}{{> t}}{{/with}}"));
    EXPECT_EQ(driver.render("t"), "123");
}

TEST(Engine, BoundsNesting) {
    std::string deep;
    for (int i = 0; i < 101; ++i)
        deep += "{{#if a}}";
    for (int i = 0; i < 101; ++i)
        deep += "{{/if}}";
    Driver driver("modern");
    EXPECT_FALSE(driver.compile("t", deep));
    EXPECT_EQ(driver.failure().message, "blocks are nested too deep");
    EXPECT_FALSE(driver.compile("t", "{{x " + std::string(2000, '(')));
    EXPECT_FALSE(driver.load(std::string(200, '[') + std::string(200, ']')));
    EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE);
}

TEST(Engine, BoundsTheOutput) {
    Driver driver("modern", {{"output-limit", "100"}});
    ASSERT_TRUE(driver.load(R"({"l":[1,2,3]})"));
    ASSERT_TRUE(driver.compile("t", "{{#each l}}" + std::string(40, 'x') + "{{/each}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message, "the output of t is larger than 100 bytes");
}

TEST(Engine, BoundsLoopsInsideOfLoops) {
    std::string text;
    for (int i = 0; i < 30; ++i)
        text += "{{#each @root.l}}";
    for (int i = 0; i < 30; ++i)
        text += "{{/each}}";
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"l":[1,2,3]})"));
    ASSERT_TRUE(driver.compile("t", text));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_NE(driver.failure().message.find("more than 1000000 times"), std::string::npos);
}

TEST(Engine, WritesBlocksOfSixteenKibibytes) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load("{}"));
    ASSERT_TRUE(driver.compile("t", std::string(40000, 'x')));
    EXPECT_EQ(driver.render("t"), std::string(40000, 'x'));
    EXPECT_EQ(driver.blocks(), (std::vector<std::size_t>{16384, 16384, 7232}));
}

TEST(Engine, ForgetsAReleasedPartial) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load("{}"));
    ASSERT_TRUE(driver.compile("p", "one"));
    ASSERT_TRUE(driver.compile("t", "{{> p}}"));
    EXPECT_EQ(driver.render("t"), "one");
    ASSERT_TRUE(driver.compile("p", "two"));  // replaces, and releases the old one
    EXPECT_EQ(driver.render("t"), "two");
    driver.release("p");
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message, "there is no partial 'p'");
}

TEST(Engine, WarnsOnceWhenAListIsAskedForAName) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"a":["p"]})"));
    ASSERT_TRUE(driver.compile("t", "\n{{a.name}}"));
    EXPECT_EQ(driver.render("t"), "\n");
    EXPECT_EQ(driver.render("t"), "\n");
    ASSERT_EQ(driver.log().size(), 1u);
    EXPECT_EQ(driver.log().front(),
              "warn: t:2:3: 'a.name' asks a list for 'name', but its elements have numbers; it "
              "stays empty");
}

TEST(Engine, WarnsOfAnIndexWithoutItsDot) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"a":["p"]})"));
    ASSERT_TRUE(driver.compile("t", "\n{{a[0]}}{{a.[0]}}"));
    EXPECT_EQ(driver.render("t"), "\npp");
    EXPECT_EQ(driver.log(),
              std::vector<std::string>{"warn: t:2:4: '[' without a dot before it works only here: "
                                       "write 'a.['"});
}

TEST(Engine, BoundsAHundredMegabytesOfOutput) {
    std::string text;
    for (const char* open : {"{{#each l}}", "{{#each @root.l}}", "{{#each @root.l}}"})
        text += open;
    text += std::string(1000, 'x');
    for (int i = 0; i < 3; ++i)
        text += "{{/each}}";
    std::string list = "0";
    for (int i = 1; i < 50; ++i)
        list += "," + std::to_string(i);
    Driver driver("modern");
    ASSERT_TRUE(driver.load("{\"l\":[" + list + "]}"));
    ASSERT_TRUE(driver.compile("t", text));  // 125 MB
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message, "the output of t is larger than 67108864 bytes");
    EXPECT_NE(driver.failure().hint.find("output-limit"), std::string::npos);
    ASSERT_TRUE(driver.compile("t", "small"));
    EXPECT_EQ(driver.render("t"), "small");
}

TEST(Engine, PassesLogHelperToTheHost) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load("{}"));
    ASSERT_TRUE(driver.compile("t", R"({{log "look" 1 level="error"}})"));
    EXPECT_EQ(driver.render("t"), "");
    EXPECT_EQ(driver.log(), std::vector<std::string>{"error: look 1"});
}

}  // namespace
}  // namespace handlebars_test
