// SPDX-License-Identifier: Apache-2.0
// What a template refers to, without data.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

using Lines = std::vector<std::string>;

Lines references(const char* text, const char* mode = "modern") {
    Driver driver(mode);
    EXPECT_TRUE(driver.compile("part", "{{ip}}"));
    EXPECT_TRUE(driver.compile("t", text)) << driver.failure().message;
    return driver.references("t").value_or(Lines{"failed: " + driver.failure().message});
}

struct Row {
    const char* text;
    Lines lines;
};

const Row rows[] = {
    {"plain text", {}},
    {"a\n  {{cfg.port}} {{cfg.list.[0]}}", {"2:5 path cfg.port", "2:18 path cfg.list.0"}},
    {"{{#if cfg.tls}}{{cfg.tls.key}}{{cfg.port}}{{else}}{{cfg.tls}}{{/if}}",
     {"1:7 path cfg.tls test", "1:18 path cfg.tls.key guarded", "1:33 path cfg.port",
      "1:53 path cfg.tls"}},
    {"{{#unless cfg.a}}{{cfg.a}}{{else}}{{cfg.a}}{{/unless}}",
     {"1:11 path cfg.a test", "1:20 path cfg.a", "1:37 path cfg.a guarded"}},
    {"{{#if (and cfg.a (or cfg.b cfg.c))}}{{cfg.a.x}}{{cfg.b.x}}{{/if}}",
     {"1:8 helper and", "1:12 path cfg.a test", "1:19 helper or", "1:22 path cfg.b test",
      "1:28 path cfg.c test", "1:39 path cfg.a.x guarded", "1:50 path cfg.b.x"}},
    {"{{#each bind.db.members as |m|}}{{m.ip}}{{sys.ip}}{{../cfg.x}}{{@index}}{{/each}}",
     {"1:9 path bind.db.members", "1:35 path bind.db.members.*.ip guarded",
      "1:43 path bind.db.members.*.sys.ip guarded", "1:53 path cfg.x"}},
    {"{{#each cfg.l}}{{this}}{{else}}{{cfg.d}}{{/each}}",
     {"1:9 path cfg.l test", "1:18 path cfg.l.* guarded", "1:34 path cfg.d"}},
    {"{{#with svc.leader as |l|}}{{sys.ip}}{{l.cfg}}{{@root.sys.ip}}{{/with}}",
     {"1:9 path svc.leader", "1:30 path svc.leader.sys.ip guarded",
      "1:40 path svc.leader.cfg guarded", "1:49 path sys.ip"}},
    {"{{#cfg.s}}{{x}}{{/cfg.s}}", {"1:4 path cfg.s test", "1:13 path cfg.s.** dynamic guarded"}},
    {"{{lookup cfg \"port\"}}{{lookup bind cfg.name}}",
     {"1:3 helper lookup", "1:10 path cfg", "1:3 path cfg.port", "1:24 helper lookup",
      "1:31 path bind", "1:36 path cfg.name", "1:24 path bind.** dynamic"}},
    {"{{#with (lookup bind cfg.name)}}{{ip}}{{/with}}",
     {"1:10 helper lookup", "1:17 path bind", "1:22 path cfg.name", "1:10 path bind.** dynamic",
      "1:35 path bind.** dynamic"}},
    {"{{toJsno cfg}}{{#foreach x}}{{y}}{{/foreach}}",
     {"1:3 helper toJsno unknown toJson", "1:10 path cfg", "1:18 helper foreach unknown",
      "1:31 path y"}},
    {"{{strJoin (lookup cfg \"l\") \",\"}}",
     {"1:3 helper strJoin", "1:12 helper lookup", "1:19 path cfg", "1:12 path cfg.l"}},
    {"{{#each bind.db.members}}{{> part}}{{/each}}{{> part sys}}{{> parts}}{{> (lookup cfg k)}}",
     {"1:9 path bind.db.members", "1:30 partial part", "part:1:3 path bind.db.members.*.ip guarded",
      "1:49 partial part", "1:54 path sys", "part:1:3 path sys.ip",
      "1:63 partial parts unknown part", "1:75 helper lookup", "1:82 path cfg", "1:86 path k",
      "1:75 path cfg.** dynamic", "1:74 partial  dynamic"}},
    {"{{> part ip=cfg.addr}}",
     {"1:5 partial part", "1:13 path cfg.addr", "part:1:3 path cfg.addr"}},
    {"{{#*inline \"i\"}}{{v}}{{/inline}}{{#with cfg}}{{> i}}{{/with}}",
     {"1:41 path cfg", "1:50 partial i", "1:19 path cfg.v guarded"}},
    {"{{#> lay}}{{a}}{{/lay}}", {"1:6 partial lay test", "1:13 path a"}},
};

TEST(Inspect, FollowsTheScopes) {
    for (const Row& row : rows)
        EXPECT_EQ(references(row.text), row.lines) << row.text;
}

TEST(Inspect, KnowsTheHabitsOfClassicTemplates) {
    EXPECT_EQ(references("{{#each cfg.m}}{{../../cfg.x}}{{/each}}", "classic"),
              Lines{"1:9 path cfg.m"});
    EXPECT_EQ(references("{{#each a}}{{../../cfg.x}}{{/each}}", "classic"),
              (Lines{"1:9 path a", "1:14 path cfg.x"}));
    EXPECT_EQ(references("{{len}}", "classic"), Lines{"1:3 path len"});
    EXPECT_EQ(references("{{len}}", "modern"), Lines{"1:3 helper len"});
}

TEST(Inspect, EndsForPartialsThatIncludeThemselves) {
    Driver driver("modern");
    ASSERT_TRUE(driver.compile("t", "{{v}}{{#with next}}{{> t}}{{/with}}"));
    const auto lines = driver.references("t");
    ASSERT_TRUE(lines.has_value());
    EXPECT_EQ(lines->front(), "1:3 path v");
    EXPECT_LT(lines->size(), 300u);
}

TEST(Inspect, EndsForPartialsThatDouble) {
    Driver driver("modern");
    for (int i = 0; i < 40; ++i) {
        const std::string next = "p" + std::to_string(i + 1);
        const std::string call = "{{#> " + next + "}}{{> @partial-block}}{{/" + next + "}}";
        ASSERT_TRUE(driver.compile("p" + std::to_string(i), call + call));
    }
    ASSERT_TRUE(driver.compile("p40", "{{> @partial-block}}{{cfg.a}}"));
    const auto lines = driver.references("p0");
    ASSERT_TRUE(lines.has_value());
    EXPECT_LT(lines->size(), 100000u);
}

TEST(Inspect, NeedsNoDataAndLeavesRenderingAlone) {
    Driver driver("modern");
    ASSERT_TRUE(driver.compile("t", "{{#each cfg.l}}{{this}}{{/each}}{{cfg.x}}"));
    ASSERT_TRUE(driver.references("t").has_value());
    ASSERT_TRUE(driver.load(R"({"cfg":{"l":[1,2],"x":3}})"));
    EXPECT_EQ(driver.render("t"), "123");
    EXPECT_EQ(driver.reads(), (Lines{"cfg.l", "cfg.l.*", "cfg.x"}));
}

}  // namespace
}  // namespace handlebars_test
