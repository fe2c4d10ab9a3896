// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "unit/handlebars/driver.hpp"

namespace handlebars_test {
namespace {

std::string render(const char* text, const char* json) {
    Driver driver("");
    EXPECT_TRUE(driver.load(json)) << driver.failure().message;
    EXPECT_TRUE(driver.compile("t", text)) << driver.failure().message;
    return driver.render("t").value_or("failed: " + driver.failure().message);
}

struct Row {
    const char* text;
    const char* json;
    const char* expected;
};

const Row rows[] = {
    // The mapping of JSON values.
    {"{{n}} {{f}} {{big}} {{neg}}", R"({"n":8080,"f":1.0,"big":9007199254740993,"neg":-2.5})",
     "8080 1.0 9007199254740993 -2.5"},
    {"[{{t}}][{{f}}][{{x}}][{{nope}}]", R"({"t":true,"f":false,"x":null})", "[true][][][]"},
    {"{{#t}}T{{/t}}{{^f}}F{{/f}}{{^x}}X{{/x}}{{#z}}Z{{/z}}", R"({"t":true,"f":false,"z":0})",
     "TFXZ"},
    {"{{x}} {{{x}}} {{&x}}", R"({"x":"<a & \"b\">"})", "<a & \"b\"> <a & \"b\"> <a & \"b\">"},
    {"{{cfg.server.port}}", R"({"cfg":{"server":{"port":1}}})", "1"},
    // Sections, with values of outer contexts shining through.
    {"{{#l}}{{.}},{{/l}}", R"({"l":["a",1,true]})", "a,1,true,"},
    {"{{#m}}{{ip}}:{{cfg.port}} {{/m}}", R"({"m":[{"ip":"x"},{"ip":"y"}],"cfg":{"port":9}})",
     "x:9 y:9 "},
    {"{{^l}}none{{/l}}", R"({"l":[]})", "none"},
    {"a\n{{#t}}\nb\n{{/t}}\nc\n", R"({"t":true})", "a\nb\nc\n"},
    {"{{=<% %>=}}<%x%> {{x}}", R"({"x":1})", "1 {{x}}"},
    {"a{{! c if d }}b", "{}", "ab"},
};

TEST(Mustache, RendersAsDocumented) {
    for (const Row& row : rows)
        EXPECT_EQ(render(row.text, row.json), row.expected) << row.text;
}

TEST(Mustache, IncludesPartialsOfTheSameInstance) {
    Driver driver("");
    ASSERT_TRUE(driver.load(R"({"l":[{"x":1},{"x":2}]})"));
    ASSERT_TRUE(driver.compile("p", "<{{x}}>"));
    ASSERT_TRUE(driver.compile("t", "{{#l}}{{> p}}{{/l}}{{> nope}}"));
    EXPECT_EQ(driver.render("t"), "<1><2>");
    driver.release("p");
    EXPECT_EQ(driver.render("t"), "");
}

struct Refused {
    const char* text;
    const char* where;
    const char* message;
    const char* hint;
};

const char* const strict_data =
    R"({"cfg":{"port":80,"none":null,"tls":{"cert":"c"}},"list":[{"x":1},{}]})";

const Refused refused[] = {
    {"a {{cfg.prot}}", "t:1:3", "there is no value 'cfg.prot'", "did you mean 'port'?"},
    {"\n {{{ cgf.port }}}", "t:2:2", "there is no value 'cgf.port'", "did you mean 'cfg'?"},
    {"{{& cfg.tls.key}}", "t:1:1", "there is no value 'cfg.tls.key'", ""},
    {"{{cfg.port.x}}", "t:1:1", "there is no value 'cfg.port.x'", ""},
    {"{{#list}}{{x}}{{/list}}", "t:1:10", "there is no value 'x'", ""},
    {"{{=<5 5>=}}<5nope5>", "t:1:12", "there is no value 'nope'", ""},
    {"{{{\n\n}}}{", "t:1:1", "there is no value ''", ""},
    {"{{> prat}}", "t:1:1", "there is no partial 'prat'", "did you mean 'part'?"},
    {"{{#cfg}}{{> inner}}{{/cfg}}", "inner:2:2", "there is no value 'key'", ""},
};

TEST(Mustache, StrictRefusesWhatIsMissing) {
    for (const Refused& row : refused) {
        SCOPED_TRACE(row.text);
        Driver driver("", {{"strict", "true"}});
        ASSERT_TRUE(driver.load(strict_data));
        ASSERT_TRUE(driver.compile("part", "p"));
        ASSERT_TRUE(driver.compile("inner", "{{port}}\n {{key}}"));
        ASSERT_TRUE(driver.compile("t", row.text)) << driver.failure().message;
        EXPECT_FALSE(driver.render("t").has_value());
        EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE);
        EXPECT_EQ(driver.failure().where, row.where);
        EXPECT_EQ(driver.failure().message, row.message);
        EXPECT_EQ(driver.failure().hint, row.hint);
    }
}

TEST(Mustache, StrictAllowsQuestionsAndRendersTheSame) {
    Driver strict("", {{"strict", "true"}});
    ASSERT_TRUE(strict.load(strict_data));
    ASSERT_TRUE(strict.compile("p", "<{{port}}>"));
    ASSERT_TRUE(strict.compile("t",
                               "[{{cfg.none}}]{{#nope}}x{{/nope}}{{^nope}}none{{/nope}}\n"
                               "{{#cfg}}\n  {{> p}}\n{{/cfg}}\n{{=<5 5>=}}<5cfg.port5>"))
        << strict.failure().message;
    EXPECT_EQ(strict.render("t"), "[]none\n  <80>\n80") << strict.failure().message;
}

TEST(Mustache, LetsARecursivePartialEnd) {
    Driver driver("");
    ASSERT_TRUE(driver.load(R"({"v":1,"next":{"v":2,"next":{"v":3,"next":false}}})"));
    ASSERT_TRUE(driver.compile("t", "{{v}}{{#next}}{{> t}}{{/next}}"));
    EXPECT_EQ(driver.render("t"), "123");
}

TEST(Mustache, StopsPartialsThatIncludeEachOther) {
    Driver driver("");
    ASSERT_TRUE(driver.load("{}"));
    ASSERT_TRUE(driver.compile("a", "{{> b}}"));
    ASSERT_TRUE(driver.compile("b", "{{> a}}"));
    EXPECT_FALSE(driver.render("a").has_value());
    EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE);
    EXPECT_NE(driver.failure().message.find("is nested too deep"), std::string::npos)
        << driver.failure().message;
}

TEST(Mustache, StopsSectionsInsideOfSections) {
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += "{{#l}}";
    for (int i = 0; i < 40; ++i)
        text += "{{/l}}";
    Driver driver("", {{"output-limit", "1000000000000"}});
    ASSERT_TRUE(driver.load(R"({"l":[1,2,3]})"));
    ASSERT_TRUE(driver.compile("t", text));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message,
              "t: the sections of one render run more than 1000000 times");
}

TEST(Mustache, StopsALineThatNeverEnds) {
    Driver driver("", {{"output-limit", "1000"}});
    ASSERT_TRUE(driver.load(R"({"l":[1,2,3,4,5,6,7,8,9,10]})"));
    ASSERT_TRUE(driver.compile(
        "t", "{{#l}}{{#l}}{{#l}}{{#l}}" + std::string(1000, 'x') + "{{/l}}{{/l}}{{/l}}{{/l}}"));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message, "t: the output is larger than 1000 bytes");
}

TEST(Mustache, SaysThatItLacksAnOptionalPart) {
    for (const auto& [text, part] : {std::pair{"a {{> *name}}", "dynamic names"},
                                     std::pair{"a {{<parent}}{{/parent}}", "inheritance"},
                                     std::pair{"a {{$block}}{{/block}}", "inheritance"}}) {
        SCOPED_TRACE(text);
        Driver driver("");
        EXPECT_FALSE(driver.compile("t", text));
        EXPECT_EQ(driver.failure().where, "t:1:3");
        EXPECT_NE(driver.failure().message.find(part), std::string::npos)
            << driver.failure().message;
    }
}

TEST(Mustache, TellsWhatATemplateRefersTo) {
    Driver driver("");
    ASSERT_TRUE(driver.compile("part", "x"));
    ASSERT_TRUE(
        driver.compile("t", "{{cfg.a}}\n {{#l}}{{b}}{{> part}}{{/l}}{{^c}}{{/c}}{{> prat}}"));
    EXPECT_EQ(driver.references("t"),
              (std::vector<std::string>{"1:1 path cfg.a", "2:2 path l test", "2:13 partial part",
                                        "2:29 path c test", "2:41 partial prat unknown part"}));
}

TEST(Mustache, SaysThatATagIsHandlebars) {
    const std::pair<const char*, const char*> texts[] = {{"x\n  {{#if cfg.a}}y{{/if}}", "t:2:3"},
                                                         {"{{#each l}}{{this}}{{/each}}", "t:1:1"},
                                                         {"{{toUppercase x}}", "t:1:1"},
                                                         {"{{#a}}{{else}}{{/a}}", "t:1:7"},
                                                         {"{{../x}}", "t:1:1"},
                                                         {"{{~x}}", "t:1:1"},
                                                         {"{{@index}}", "t:1:1"},
                                                         {"{{#>p}}{{/p}}", "t:1:1"}};
    for (const auto& [text, where] : texts) {
        SCOPED_TRACE(text);
        Driver driver("");
        ASSERT_FALSE(driver.compile("t", text));
        EXPECT_EQ(driver.failure().status, HAB_STATUS_USAGE);
        EXPECT_EQ(driver.failure().where, where);
        EXPECT_NE(driver.failure().message.find("is Handlebars"), std::string::npos)
            << driver.failure().message;
        EXPECT_NE(driver.failure().hint.find("pkg_template_engine=handlebars"), std::string::npos);
    }
}

TEST(Mustache, TellsWhereATextIsBroken) {
    Driver driver("");
    EXPECT_FALSE(driver.compile("t", "a\nb{{#x}}c"));
    EXPECT_EQ(driver.failure().where, "t:2:2");
    EXPECT_NE(driver.failure().message.find("Unclosed section \"x\""), std::string::npos);
    EXPECT_FALSE(driver.compile("t", "a{{x"));
    EXPECT_FALSE(driver.compile("t", "{{/x}}"));
}

TEST(Mustache, UpdatesDataAndReportsReads) {
    Driver driver("");
    ASSERT_TRUE(driver.load(R"({"cfg":{"a":1},"l":[1]})"));
    ASSERT_TRUE(driver.compile("t", "{{cfg.a}}{{#l}}{{.}}{{/l}}{{nope}}"));
    EXPECT_EQ(driver.render("t"), "11");
    EXPECT_EQ(driver.reads(), (std::vector<std::string>{"cfg.a", "l", "nope"}));
    ASSERT_TRUE(driver.update("/cfg/a", "2"));
    ASSERT_TRUE(driver.update("/l/-", "3"));
    ASSERT_TRUE(driver.update("/nope", "\"x\""));
    EXPECT_EQ(driver.render("t"), "213x");
    ASSERT_TRUE(driver.update("/l/0", ""));
    EXPECT_EQ(driver.render("t"), "23x");
    EXPECT_FALSE(driver.update("/bind/db", "1"));
    EXPECT_EQ(driver.failure().status, HAB_STATUS_NOT_FOUND);
}

TEST(Mustache, BoundsItsInput) {
    Driver driver("", {{"output-limit", "10"}});
    ASSERT_TRUE(driver.load("{}"));
    ASSERT_TRUE(driver.compile("t", std::string(11, 'x')));
    EXPECT_FALSE(driver.render("t").has_value());
    EXPECT_EQ(driver.failure().message, "t: the output is larger than 10 bytes");
    std::string deep;
    for (int i = 0; i < 101; ++i)
        deep += "{{#a}}";
    EXPECT_FALSE(driver.compile("u", deep));
    EXPECT_FALSE(driver.load("{"));
}

}  // namespace
}  // namespace handlebars_test
