// SPDX-License-Identifier: Apache-2.0
// Loading, updating in parts, and the report of what was read.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

using Strings = std::vector<std::string>;

TEST(Data, UpdatesAMember) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"cfg":{"port":80,"host":"a"},"l":[1,2]})"));
    ASSERT_TRUE(driver.compile("t", "{{cfg.port}} {{cfg.host}} {{cfg.extra}} {{l}}"));
    EXPECT_EQ(driver.render("t"), "80 a  [1, 2]");
    ASSERT_TRUE(driver.update("/cfg/port", "8080"));
    EXPECT_EQ(driver.render("t"), "8080 a  [1, 2]");
    ASSERT_TRUE(driver.update("/cfg/extra", R"("new")"));
    EXPECT_EQ(driver.render("t"), "8080 a new [1, 2]");
    ASSERT_TRUE(driver.update("/cfg/host", ""));
    EXPECT_EQ(driver.render("t"), "8080  new [1, 2]");
    ASSERT_TRUE(driver.update("/l/-", "3"));
    ASSERT_TRUE(driver.update("/l/0", "\"x\""));
    EXPECT_EQ(driver.render("t"), "8080  new [x, 2, 3]");
    ASSERT_TRUE(driver.update("/l/1", ""));
    EXPECT_EQ(driver.render("t"), "8080  new [x, 3]");
    ASSERT_TRUE(driver.update("", R"({"cfg":{"port":1}})"));
    EXPECT_EQ(driver.render("t"), "1   ");
}

TEST(Data, WhatOnlyItUsedIsForgottenWithIt) {
    Driver driver("modern");
    ASSERT_TRUE(driver.compile("t", "{{cfg.a}} {{cfg.b}}{{#each cfg}} {{@key}}{{/each}}"));
    ASSERT_TRUE(driver.load(R"({"cfg":{"a":1,"b":2,"only here":3}})"));
    EXPECT_EQ(driver.render("t"), "1 2 a b only here");
    const auto reads = driver.reads();
    driver.drop_data();
    // The patterns of the last render are still asked for.
    EXPECT_EQ(driver.reads(), reads);
    // The same members elsewhere, as the first object of all: paths remember where they were.
    ASSERT_TRUE(driver.load(R"({"x":{"b":0,"a":0},"cfg":{"new":4,"b":5,"a":6}})"));
    EXPECT_EQ(driver.render("t"), "6 5 new b a");
    driver.drop_data();
    ASSERT_TRUE(driver.load(R"({"cfg":{"b":7,"new":8,"a":9}})"));
    EXPECT_EQ(driver.render("t"), "9 7 b new a");
    EXPECT_EQ(driver.reads(), reads);
}

TEST(Data, FindsEscapedPointers) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"a/b":{"c~d":1}})"));
    ASSERT_TRUE(driver.compile("t", "{{[a/b].[c~d]}}"));
    ASSERT_TRUE(driver.update("/a~1b/c~0d", "2"));
    EXPECT_EQ(driver.render("t"), "2");
}

TEST(Data, RefusesAnUpdateWithoutParent) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"cfg":{"port":80}})"));
    ASSERT_TRUE(driver.compile("t", "{{toJson this}}"));
    const auto before = driver.render("t");
    EXPECT_FALSE(driver.update("/bind/db", "1"));
    EXPECT_EQ(driver.failure().status, HAB_STATUS_NOT_FOUND);
    EXPECT_EQ(driver.failure().message,
              "cannot update the template data at '/bind/db': nothing is there");
    EXPECT_FALSE(driver.update("/cfg/port/x", "1"));
    EXPECT_FALSE(driver.update("cfg", "1"));
    EXPECT_FALSE(driver.update("/cfg/port", "{"));
    EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE);
    EXPECT_EQ(driver.render("t"), before);
}

TEST(Data, StaysRightThroughManyUpdates) {
    // More than enough to make the store compact itself several times.
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"members":[{"ip":"a"},{"ip":"b"}],"n":0})"));
    ASSERT_TRUE(driver.compile("t", "{{#each members}}{{ip}} {{/each}}{{n}} {{k}}"));
    for (int i = 0; i < 3000; ++i) {
        const std::string text = std::to_string(i);
        ASSERT_TRUE(driver.update("/members/1", R"({"ip":"host-)" + text + R"(","port":1})"));
        ASSERT_TRUE(driver.update("/n", text));
        ASSERT_TRUE(driver.update("/k", i % 2 == 0 ? "\"even\"" : ""));
    }
    EXPECT_EQ(driver.render("t"), "a host-2999 2999 ");
}

TEST(Data, TakesTheLastOfARepeatedKey) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"a":1,"b":2,"a":3})"));
    ASSERT_TRUE(driver.compile("t", "{{toJson this}}"));
    EXPECT_EQ(driver.render("t"), "{\n  \"a\": 3,\n  \"b\": 2\n}");
}

TEST(Data, TellsWhyJsonIsBroken) {
    Driver driver("modern");
    EXPECT_FALSE(driver.load(R"({"a":)"));
    EXPECT_NE(driver.failure().message.find("the template data is not valid JSON"),
              std::string::npos);
    EXPECT_FALSE(driver.load("{} x"));
}

TEST(Reads, ReportsPathsWithLoopsAsStars) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(
        R"({"cfg":{"port":1},"bind":{"db":{"members":[{"alive":true,"sys":{"ip":"x"}}]}}})"));
    ASSERT_TRUE(driver.compile("t",
                               "{{cfg.port}}{{cfg.missing}}{{#if bind.web}}{{never}}{{/if}}"
                               "{{#eachAlive bind.db.members as |m|}}{{m.sys.ip}}{{@index}}"
                               "{{../cfg.port}}{{/eachAlive}}"));
    ASSERT_TRUE(driver.render("t").has_value());
    EXPECT_EQ(driver.reads(),
              (Strings{"bind.db.members", "bind.db.members.*.alive", "bind.db.members.*.sys.ip",
                       "bind.web", "cfg.missing", "cfg.port"}));
}

TEST(Reads, ReportsDynamicLookupsByTheirContainer) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"bind":{"db":{"ip":"9"}},"name":"db"})"));
    ASSERT_TRUE(driver.compile("t", "{{#with (lookup bind name)}}{{ip}}{{/with}}"));
    EXPECT_EQ(driver.render("t"), "9");
    EXPECT_EQ(driver.reads(), (Strings{"bind", "bind.**", "bind.**.ip", "name"}));
}

TEST(Reads, FollowsPartialsIntoTheirCallersContext) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"l":[{"x":1}],"o":{"x":2}})"));
    ASSERT_TRUE(driver.compile("p", "{{x}}"));
    ASSERT_TRUE(driver.compile("t", "{{#each l}}{{> p}}{{/each}}{{> p o}}{{> p x=o.x}}"));
    EXPECT_EQ(driver.render("t"), "122");
    EXPECT_EQ(driver.reads(), (Strings{"l", "l.*.x", "o", "o.x"}));
}

TEST(Reads, KeepsNumbersForTheLifeOfTheInstance) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(R"({"a":1,"b":2})"));
    ASSERT_TRUE(driver.compile("t", "{{a}}"));
    ASSERT_TRUE(driver.compile("u", "{{b}}{{a}}"));
    ASSERT_TRUE(driver.render("t").has_value());
    EXPECT_EQ(driver.reads(), Strings{"a"});
    ASSERT_TRUE(driver.load(R"({"b":[],"a":{}})"));
    ASSERT_TRUE(driver.render("u").has_value());
    EXPECT_EQ(driver.reads(), (Strings{"a", "b"}));
}

}  // namespace
}  // namespace handlebars_test
