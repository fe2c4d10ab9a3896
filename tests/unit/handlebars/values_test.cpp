// SPDX-License-Identifier: Apache-2.0
// Values and paths. Template, data, and what it renders to in modern and in classic mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    {"[{{cfg.nope}}]", R"({"cfg":{}})", "[]", "[]"},
    {"[{{cfg.a.b.c}}]", R"({"cfg":{}})", "[]", "[]"},
    {"[{{x}}]", R"({"x":null})", "[]", "[]"},
    {"[{{n}}]", R"({"n":0})", "[0]", "[0]"},
    {"{{n}}", R"({"n":8080})", "8080", "8080"},
    {"{{t}},{{f}}", R"({"t":true,"f":false})", "true,false", "true,false"},
    {"{{n}}", R"({"n":1.0})", "1.0", "1.0"},
    {"{{n}}", R"({"n":9007199254740993})", "9007199254740993", "9007199254740993"},
    {"{{n}} {{f}} {{e}}", R"({"n":-5,"f":0.1,"e":1e+21})", "-5 0.1 1e21", "-5 0.1 1e21"},
    {"{{a}}", R"({"a":["x","y"]})", "[x, y]", "[x, y, ]"},
    {"{{a}}", R"({"a":[1,[2,null],{"k":1}]})", "[1, [2, ], [object]]", "[1, [2, , ], [object], ]"},
    {"{{o}}", R"({"o":{"a":1}})", "[object]", "[object]"},
    {"{{cfg.tcp-backlog}}", R"({"cfg":{"tcp-backlog":511}})", "511", "511"},
    {"{{cfg.a-b.c_d}}", R"({"cfg":{"a-b":{"c_d":1}}})", "1", "1"},
    // More than upstream: classic.
    {"{{{x}}} {{&x}}", R"({"x":"<b>"})", "<b> <b>", "<b> <b>"},
    {"{{a/b}}", R"({"a":{"b":"ok"}})", "ok", "ok"},
    {"{{this}}", R"("str")", "str", "str"},
    {"{{this.a}} {{./a}} {{this/a}}", R"({"a":"A"})", "A A A", "A A A"},
    // More than upstream: modern.
    {"{{.}}", R"("str")", "str", "str"},
    {"{{a.0}} {{a.[1]}}", R"({"a":["p","q"]})", "p q", "p q"},
    {"{{bind.db.members.[0].ip}}", R"({"bind":{"db":{"members":[{"ip":"9"}]}}})", "9", "9"},
    // More than upstream: modern.
    {"{{a[1]}}", R"({"a":["p","q"]})", "q", "q"},
    // More than upstream: classic.
    {"{{o.[a b]}} {{o.[c.d]}}", R"({"o":{"a b":1,"c.d":2}})", "1 2", "1 2"},
    {"{{o.[\"a b\"]}}", R"({"o":{"a b":1}})", "", "1"},
    // More than upstream: modern.
    {"[{{a.name}}]", R"({"a":["p","q"]})", "[]", "[]"},
    // More than upstream: modern.
    {"{{a.length}}", R"({"a":[1,2]})", "", ""},
    {"[{{a.9}}]", R"({"a":["p","q"]})", "[]", "[]"},
    // More than upstream: modern and classic.
    {"[{{\"foo\"}}]", R"({"foo":"F"})", "[F]", "[F]"},
    {"{{len}} {{if}}", R"({"len":5,"if":6})", refused, "5 6"},
    {"[{{x.constructor}}][{{x.toString}}]", R"({"x":"s"})", "[][]", "[][]"},
};

class Values : public testing::TestWithParam<Case> {};

TEST_P(Values, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Values, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
