// SPDX-License-Identifier: Apache-2.0
// if, unless, with. Template, data, and what it renders to in modern and in classic mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    {"{{#if n}}T{{else}}F{{/if}}", R"({"n":0})", "F", "F"},
    // More than upstream: classic.
    {"{{#if n includeZero=true}}T{{else}}F{{/if}}", R"({"n":0})", "T", "T"},
    {"{{#if n}}T{{else}}F{{/if}}", R"({"n":0.0})", "F", "F"},
    {"{{#if n}}T{{else}}F{{/if}}", R"({"n":"0"})", "T", "T"},
    {"{{#if n}}T{{else}}F{{/if}}", R"({"n":"false"})", "T", "T"},
    {"{{#if n}}T{{else}}F{{/if}}", R"({"n":""})", "F", "F"},
    {"{{#if n}}T{{else}}F{{/if}}", R"({"n":[]})", "F", "F"},
    {"{{#if n}}T{{else}}F{{/if}}", R"({"n":{}})", "F", "F"},
    {"{{#if x}}T{{else}}F{{/if}}", R"({"x":null})", "F", "F"},
    {"{{#if a}}A{{^}}B{{/if}}", R"({})", "B", "B"},
    // More than upstream: modern and classic.
    {"{{^if a}}no{{/if}}", R"({})", "no", "no"},
    // More than upstream: classic.
    {"{{#if a}}A{{else if b}}B{{else}}C{{/if}}", R"({"b":1})", "B", "B"},
    // More than upstream: classic.
    {"{{#if a}}A{{else if b}}B{{else if c}}C{{else}}D{{/if}}", R"({"c":1})", "C", "C"},
    // More than upstream: classic.
    {"{{#if a}}A{{else unless b}}NB{{/if}}", R"({})", "NB", "NB"},
    // More than upstream: classic.
    {"{{#if a}}A{{else each l}}{{this}}{{/if}}", R"({"l":[1,2]})", "12", "12"},
    {"{{#unless a}}U{{else}}E{{/unless}}", R"({"a":1})", "E", "E"},
    {"{{#if a}}{{#if b}}AB{{else}}A{{/if}}{{else}}-{{/if}}", R"({"a":1})", "A", "A"},
    {"{{#unless bind.db}}no{{else}}{{bind.db.first.ip}}{{/unless}}",
     R"({"bind":{"db":{"first":{"ip":"1.2.3.4"}}}})", "1.2.3.4", "1.2.3.4"},
    {"{{#with o}}{{a}}{{../b}}{{/with}}", R"({"o":{"a":1},"b":2})", "12", "12"},
    {"{{#with o}}{{a}}{{else}}none{{/with}}", R"({})", "none", "none"},
    {"[{{#with svc.leader}}{{ip}}{{/with}}]", R"({"svc":{}})", "[]", "[]"},
    {"{{#with o}}in{{else}}none{{/with}}", R"({"o":{}})", "none", "none"},
    {"{{#with o}}in[{{this}}]{{else}}none{{/with}}", R"({"o":0})", "none", "none"},
    {"{{#with svc.leader as |l|}}{{l.ip}}-{{ip}}{{/with}}",
     R"({"svc":{"leader":{"ip":"1.2.3.4"}}})", "1.2.3.4-1.2.3.4", "1.2.3.4-1.2.3.4"},
    // More than upstream: modern.
    {"{{#with a}}[{{ip}}]{{/with}}", R"({"a":[{"ip":"1"}]})", "[]", "[]"},
    // More than upstream: classic.
    {"{{#if (eq cfg.mode \"x\")}}Y{{else}}N{{/if}}", R"({"cfg":{"mode":"x"}})", "Y", "Y"},
};

class Conditions : public testing::TestWithParam<Case> {};

TEST_P(Conditions, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Conditions, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
