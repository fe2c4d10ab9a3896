// SPDX-License-Identifier: Apache-2.0
// Habitat's own helpers. Template, data, and what it renders to in modern and in classic mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    {"{{#eachAlive bind.backend.members as |m|}}{{@index}}{{#if @first}}F{{/if}}{{#if "
     "@last}}L{{/if}} {{m.sys.ip}}:{{m.cfg.port}};{{/eachAlive}}",
     R"({"bind":{"backend":{"members":[{"alive":true,"sys":{"ip":"10.0.0.1"},"cfg":{"port":80}},{"alive":false,"sys":{"ip":"10.0.0.2"},"cfg":{"port":81}},{"alive":true,"sys":{"ip":"10.0.0.3"},"cfg":{"port":82}}]}},"cfg":{"port":1}})",
     "1F 10.0.0.1:80;2L 10.0.0.3:82;", "1F 10.0.0.1:80;2L 10.0.0.3:82;"},
    {"{{#eachAlive bind.backend.members}}{{sys.ip}}{{#unless @last}}, {{/unless}}{{/eachAlive}}",
     R"({"bind":{"backend":{"members":[{"alive":true,"sys":{"ip":"10.0.0.1"},"cfg":{"port":80}},{"alive":false,"sys":{"ip":"10.0.0.2"},"cfg":{"port":81}},{"alive":true,"sys":{"ip":"10.0.0.3"},"cfg":{"port":82}}]}},"cfg":{"port":1}})",
     "10.0.0.1, 10.0.0.3", "10.0.0.1, 10.0.0.3"},
    {"[{{#eachAlive l}}x{{else}}E{{/eachAlive}}]", R"({"l":[{"alive":false}]})", "[]", "[]"},
    {"[{{#eachAlive l}}x{{else}}E{{/eachAlive}}]", R"({"l":[]})", "[E]", "[E]"},
    {"[{{#eachAlive l}}x{{else}}E{{/eachAlive}}]", R"({})", "[E]", "[E]"},
    {"[{{#eachAlive l}}x{{/eachAlive}}]", R"({"l":[{"a":1}]})", "[]", "[]"},
    {"[{{#eachAlive l}}x{{/eachAlive}}]", R"({"l":"str"})", refused, refused},
    // More than upstream: modern and classic.
    {"[{{#eachAlive l}}x{{/eachAlive}}]", R"({"l":[{"alive":"yes"}]})", "[]", "[]"},
    {"[{{#eachAlive l}}{{@key}}={{this}} {{/eachAlive}}]", R"({"l":{"alive":true,"z":1}})",
     "[alive=true z=1 ]", "[alive=true z=1 ]"},
    {"{{#eachAlive bind.backend.members as |m i|}}{{i}}:{{m.sys.ip}} {{/eachAlive}}",
     R"({"bind":{"backend":{"members":[{"alive":true,"sys":{"ip":"10.0.0.1"},"cfg":{"port":80}},{"alive":false,"sys":{"ip":"10.0.0.2"},"cfg":{"port":81}},{"alive":true,"sys":{"ip":"10.0.0.3"},"cfg":{"port":82}}]}},"cfg":{"port":1}})",
     "1:10.0.0.1 2:10.0.0.3 ", "1:10.0.0.1 2:10.0.0.3 "},
    {"{{toUppercase \"aß\"}} {{toUppercase x}}", R"({"x":"é"})", "ASS É", "ASS É"},
    {"{{toUppercase 5}}", R"({})", refused, refused},
    {"{{toUppercase nope}}", R"({})", refused, refused},
    {"{{#each cfg.env}}{{toUppercase @key}}={{this}};{{/each}}",
     R"({"cfg":{"env":{"a":"1","b":"2"}}})", "A=1;B=2;", "A=1;B=2;"},
    {"{{toUppercase (strReplace x \"a\" \"b\")}}", R"({"x":"banana"})", "BBNBNB", "BBNBNB"},
    {"{{strReplace \"this is old\" \"old\" \"new\"}}|{{strReplace \"aaa\" \"a\" "
     "\"\"}}|{{strReplace \"x\" \"\" \"-\"}}",
     R"({})", "this is new||-x-", "this is new||-x-"},
    {"{{strReplace 5 \"5\" \"6\"}}", R"({})", refused, refused},
    {"{{strJoin l \",\"}}", R"({"l":["a",1,true,null,["x","y"],{"k":1}]})", "a,1,true,null,[x,y]",
     "a,1,true,null,[x,y]"},
    {"{{strJoin l \",\"}}", R"({"l":["say \"hi\"","tab\t"]})", "say \\hi\\,tab\\t",
     "say \\hi\\,tab\\t"},
    {"{{strJoin l}}", R"({"l":["a"]})", refused, refused},
    {"{{strJoin \"a\" \",\"}}", R"({})", refused, refused},
    {"{{strConcat \"a\" 1 true l o nope}}", R"({"l":["x"],"o":{"k":1}})", "a1true[x]null",
     "a1true[x]null"},
    {"{{strConcat cfg.a \"/\" cfg.b}}", R"({"cfg":{"a":"x","b":"y"}})", "x/y", "x/y"},
    {"{{toJson o}}", R"({"o":{"b":1,"a":[1,"x",null,1.0]}})",
     "{\n  \"b\": 1,\n  \"a\": [\n    1,\n    \"x\",\n    null,\n    1.0\n  ]\n}",
     "{\n  \"b\": 1,\n  \"a\": [\n    1,\n    \"x\",\n    null,\n    1.0\n  ]\n}"},
    {"{{toJson s}} {{toJson n}} {{toJson nope}}", R"({"s":"q\"\n","n":1})", "\"q\\\"\\n\" 1 null",
     "\"q\\\"\\n\" 1 null"},
    {"x = {{toJson cfg.l}}", R"({"cfg":{"l":[]}})", "x = []", "x = []"},
    {"{{#if (strConcat \"\" \"\")}}T{{else}}F{{/if}}", R"({})", "F", "F"},
    {"{{#eachAlive}}x{{/eachAlive}}", R"({})", refused, refused},
};

class Habitat : public testing::TestWithParam<Case> {};

TEST_P(Habitat, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Habitat, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
