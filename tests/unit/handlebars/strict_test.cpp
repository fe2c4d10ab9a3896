// SPDX-License-Identifier: Apache-2.0
// The strict option: what is refused, where, with which suggestion; and what may be missing.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

constexpr const char* data = R"({"cfg":{"port":80,"host":"h","list":["a"],"none":null,"tls":{}},)"
                             R"("bind":{"db":{"members":[{"ip":"1"},{"ip":"2"}]}},"key":"prot"})";

struct Refused {
    const char* text;
    const char* where;
    const char* message;
    const char* hint;
};

const Refused missing[] = {
    {"a\n  {{cfg.prot}}", "t:2:5", "there is no value 'cfg.prot'", "did you mean 'port'?"},
    {"{{cgf.port}}", "t:1:3", "there is no value 'cgf.port'", "did you mean 'cfg'?"},
    {"{{cfg.zzzzzz}}", "t:1:3", "there is no value 'cfg.zzzzzz'",
     "there are: port, host, list, none, tls"},
    {"{{cfg.tls.cert}}", "t:1:3", "there is no value 'cfg.tls.cert'", "the table is empty"},
    {"{{cfg.port.number}}", "t:1:3", "there is no value 'cfg.port.number'",
     "it looks for 'number' in a number"},
    {"{{cfg.list.[1]}}", "t:1:3", "there is no value 'cfg.list.[1]'",
     "it looks for '1' in a list of 1"},
    {"{{cfg.list.name}}", "t:1:3", "there is no value 'cfg.list.name'",
     "it looks for 'name' in a list of 1"},
    {"{{#each bind.db.members}}{{pi}}{{/each}}", "t:1:28", "there is no value 'pi'",
     "did you mean 'ip'?"},
    {"{{#each bind.db.members as |m|}}{{m.ipp}}{{/each}}", "t:1:35", "there is no value 'm.ipp'",
     "did you mean 'ip'?"},
    {"{{#each cfg.hosts}}x{{/each}}", "t:1:9", "there is no value 'cfg.hosts'",
     "did you mean 'host'?"},
    {"{{#with cfg.leader}}x{{/with}}", "t:1:9", "there is no value 'cfg.leader'",
     "there are: port, host, list, none, tls"},
    {"{{toJson cfg.prot}}", "t:1:10", "there is no value 'cfg.prot'", "did you mean 'port'?"},
    {"{{#if (eq cfg.prot 80)}}x{{/if}}", "t:1:11", "there is no value 'cfg.prot'",
     "did you mean 'port'?"},
    {"{{lookup cfg key}}", "t:1:3", "helper 'lookup': there is no value 'prot' in a table", ""},
    {"{{@index}}", "t:1:3", "there is no value '@index'",
     "'@index' has a value only inside of a loop"},
    {"{{#with cfg.tls}}{{else}}{{../../../x}}{{/with}}", "t:1:28", "there is no value '../../../x'",
     "there are: cfg, bind, key"},
    {"{{> parts}}", "t:1:5", "there is no partial 'parts'", "did you mean 'part'?"},
    {"{{> part x=cfg.prot}}", "t:1:12", "there is no value 'cfg.prot'", "did you mean 'port'?"},
};

TEST(Strict, RefusesWhatIsMissing) {
    for (const char* mode : {"modern", "classic"}) {
        for (const Refused& row : missing) {
            SCOPED_TRACE(std::string(mode) + ": " + row.text);
            Driver driver(mode, {{"strict", "true"}});
            ASSERT_TRUE(driver.load(data));
            ASSERT_TRUE(driver.compile("part", "{{cfg.port}}"));
            ASSERT_TRUE(driver.compile("t", row.text)) << driver.failure().message;
            EXPECT_FALSE(driver.render("t").has_value());
            EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE);
            EXPECT_EQ(driver.failure().where, row.where);
            EXPECT_EQ(driver.failure().message, row.message);
            EXPECT_EQ(driver.failure().hint, row.hint);
        }
    }
}

const std::pair<const char*, const char*> allowed[] = {
    {"[{{cfg.none}}]", "[]"},
    {"{{#if cfg.prot}}T{{else}}F{{/if}}", "F"},
    {"{{#unless cfg.a.b.c}}U{{/unless}}", "U"},
    {"{{#if (or cfg.prot cfg.port)}}T{{/if}}", "T"},
    {"{{#if (and cfg.port (not cfg.prot))}}T{{/if}}", "T"},
    {"{{#if (lookup cfg key)}}T{{else}}F{{/if}}", "F"},
    {"{{#each cfg.hosts}}x{{else}}none{{/each}}", "none"},
    {"{{#with cfg.leader}}x{{else}}none{{/with}}", "none"},
    {"{{#eachAlive cfg.hosts}}x{{else}}none{{/eachAlive}}", "none"},
    {"{{#hosts}}x{{/hosts}}{{^hosts}}none{{/hosts}}", "none"},
    {"{{#if cfg.prot}}{{cfg.prot.deeper}}{{/if}}", ""},
    {"{{cfg.list.0}}{{cfg.[port]}}", "a80"},
    {"{{#each cfg.list}}{{@index}}{{@first}}{{#if @key}}k{{/if}}{{/each}}", "0true"},
    {"{{> part}}{{#> nope}}default{{/nope}}", "80default"},
};

TEST(Strict, AllowsQuestions) {
    for (const auto& [text, expected] : allowed) {
        SCOPED_TRACE(text);
        Driver driver("modern", {{"strict", "true"}});
        ASSERT_TRUE(driver.load(data));
        ASSERT_TRUE(driver.compile("part", "{{cfg.port}}"));
        ASSERT_TRUE(driver.compile("t", text)) << driver.failure().message;
        EXPECT_EQ(driver.render("t"), expected) << driver.failure().message;
    }
}

TEST(Strict, CountsTheContextsAround) {
    Driver driver("modern", {{"strict", "true"}});
    ASSERT_TRUE(driver.load(data));
    ASSERT_TRUE(driver.compile("t", "{{#with bind.db}}{{../../../x}}{{/with}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message, "there is no value '../../../x'");
    EXPECT_EQ(driver.failure().hint, "there are fewer contexts around this place");
}

TEST(Strict, NamesThePartialThatLacksAValue) {
    Driver driver("modern", {{"strict", "true"}});
    ASSERT_TRUE(driver.load(data));
    ASSERT_TRUE(driver.compile("inner.conf", "a\n b {{cfg.prot}}"));
    ASSERT_TRUE(driver.compile("t", "{{> inner.conf}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().where, "inner.conf:2:6");
}

TEST(Strict, WorksAgainAfterAFailure) {
    Driver driver("modern", {{"strict", "true"}});
    ASSERT_TRUE(driver.load(data));
    ASSERT_TRUE(driver.compile("t", "{{cfg.prot}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    ASSERT_TRUE(driver.update("/cfg/prot", "1"));
    EXPECT_EQ(driver.render("t"), "1");
}

TEST(Suggestions, AreGivenWithoutStrictToo) {
    Driver driver("modern");
    ASSERT_TRUE(driver.load(data));
    ASSERT_TRUE(driver.compile("t", "{{toJsno cfg}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message, "there is no helper 'toJsno'");
    EXPECT_EQ(driver.failure().hint, "did you mean 'toJson'?");
    ASSERT_TRUE(driver.compile("t", "{{#eachalive cfg.list}}{{/eachalive}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().hint, "did you mean '#eachAlive'?");
}

}  // namespace
}  // namespace handlebars_test
