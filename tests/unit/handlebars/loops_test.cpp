// SPDX-License-Identifier: Apache-2.0
// each, lookup, scopes. Template, data, and what it renders to in modern and in classic mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    {"{{#each a}}{{@index}}:{{this}}:{{@first}}:{{@last}};{{/each}}", R"({"a":["x","y"]})",
     "0:x:true:false;1:y:false:true;", "0:x:true:false;1:y:false:true;"},
    {"{{#each o}}{{@key}}={{this}}/{{@index}}/{{@first}}/{{@last}};{{/each}}",
     R"({"o":{"b":1,"a":2}})", "b=1/0/true/false;a=2/1/false/true;", "b=1//true/;a=2//false/;"},
    {"{{#each o}}{{@key}} {{/each}}", R"({"o":{"z":1,"a":2}})", "z a ", "z a "},
    {"{{#each o}}{{@key}}{{/each}}", R"({"o":{"10":1,"9":2,"a":3}})", "109a", "109a"},
    {"{{#each a}}x{{else}}E{{/each}}", R"({"a":[]})", "E", "E"},
    {"{{#each a}}x{{else}}E{{/each}}", R"({})", "E", "E"},
    // More than upstream: classic.
    {"[{{#each a}}x{{/each}}]", R"({"a":"str"})", "[]", "[]"},
    // More than upstream: classic.
    {"[{{#each a}}x{{else}}E{{/each}}]", R"({"a":5})", "[E]", "[E]"},
    {"{{#each}}x{{/each}}", R"({})", refused, refused},
    // More than upstream: classic.
    {"{{#each a as |v k|}}{{k}}={{v}};{{/each}}", R"({"a":["x","y"]})", "0=x;1=y;", "0=x;1=y;"},
    {"{{#each o as |v k|}}{{k}}={{v}};{{/each}}", R"({"o":{"p":1,"q":2}})", "p=1;q=2;", "1=p;2=q;"},
    {"{{#each a as |cfg|}}{{cfg.p}}{{/each}}-{{cfg.p}}", R"({"a":[{"p":1},{"p":2}],"cfg":{"p":9}})",
     "12-9", "12-9"},
    {"{{#each a}}{{name}}{{../x}}{{x}};{{/each}}", R"({"a":[{"name":"n1"},{"name":"n2"}],"x":"X"})",
     "n1X;n2X;", "n1X;n2X;"},
    {"{{#each a}}[{{../../x}}]{{/each}}", R"({"a":[{"n":1}],"x":"X"})", "[]", "[X]"},
    {"{{#each a.b}}[{{../../x}}|{{../../../x}}]{{/each}}", R"({"a":{"b":[1]},"x":"X"})", "[|]",
     "[|X]"},
    {"{{#with o}}{{#if t}}[{{../x}}]{{/if}}{{/with}}", R"({"o":{"t":1},"x":"X"})", "[X]", "[X]"},
    {"{{#each a}}{{#if name}}{{../x}}{{/if}}{{/each}}", R"({"a":[{"name":"n1"}],"x":"X"})", "X",
     "X"},
    {"{{#each a}}{{#with b}}{{../n}}{{../../x}}{{/with}}{{/each}}",
     R"({"a":[{"n":"N","b":{"c":1}}],"x":"X"})", "NX", "NX"},
    {"{{#each a}}{{#each this}}{{@../index}}.{{@index}} {{/each}}{{/each}}", R"({"a":[[1,2],[3]]})",
     "0.0 0.1 1.0 ", "0.0 0.1 1.0 "},
    {"{{#each a}}{{#if @first}}F{{/if}}{{#unless @last}},{{/unless}}{{/each}}", R"({"a":[1,2,3]})",
     "F,,", "F,,"},
    {"[{{#each l}}\"{{this}}\"{{#unless @last}}, {{/unless}}{{/each}}]", R"({"l":["a","b"]})",
     "[\"a\", \"b\"]", "[\"a\", \"b\"]"},
    // More than upstream: classic.
    {"{{#each a}}{{#with this}}{{@index}}{{/with}}{{/each}}", R"({"a":[{"q":1},{"q":2}]})", "01",
     "01"},
    {"[{{#each a}}{{@key}}{{/each}}]", R"({"a":["p"]})", "[]", "[]"},
    {"{{#each a}}{{#if @index}},{{/if}}{{this}}{{/each}}", R"({"a":["p","q","r"]})", "p,q,r",
     "p,q,r"},
    // More than upstream: classic.
    {"{{#with o}}{{@root.x}}{{/with}}", R"({"o":{"a":1},"x":"R"})", "R", "R"},
    // More than upstream: classic.
    {"{{#each m}}{{@root.cfg.p}}:{{n}} {{/each}}", R"({"cfg":{"p":1},"m":[{"n":"a"}]})", "1:a ",
     "1:a "},
    {"[{{../x}}]", R"({"x":"X"})", "[X]", "[X]"},
    {"{{lookup a 1}}", R"({"a":["p","q"]})", "q", "q"},
    {"{{#each a}}{{lookup ../b @index}}{{/each}}", R"({"a":[1,2],"b":["p","q"]})", "pq", "pq"},
    {"{{lookup o k}}", R"({"o":{"x":"V"},"k":"x"})", "V", "V"},
    {"[{{lookup o \"zz\"}}]", R"({"o":{"x":"V"}})", "[]", "[]"},
    {"[{{lookup a \"1\"}}]", R"({"a":["p","q"]})", "[]", "[]"},
    // More than upstream: classic.
    {"{{#with (lookup bind name)}}{{ip}}{{/with}}", R"({"bind":{"db":{"ip":"9"}},"name":"db"})",
     "9", "9"},
    // More than upstream: classic.
    {"{{#each [1,2]}}{{this}}{{/each}}", R"({})", "12", "12"},
    {"{{#each m}}{{#if alive}}{{ip}} {{/if}}{{/each}}",
     R"({"m":[{"alive":true,"ip":"1"},{"alive":false,"ip":"2"}]})", "1 ", "1 "},
};

class Loops : public testing::TestWithParam<Case> {};

TEST_P(Loops, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Loops, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
