// SPDX-License-Identifier: Apache-2.0
// White space. Template, data, and what it renders to in modern and in classic mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    {"a\n{{#if t}}\nb\n{{/if}}\nc\n", R"({"t":1})", "a\nb\nc\n", "a\n\nb\n\nc\n"},
    {"a\n  {{#if t}}\n  b\n  {{/if}}\nc\n", R"({"t":1})", "a\n  b\nc\n", "a\n  \n  b\n  \nc\n"},
    {"a\n{{#if t}}\nb\n{{else}}\nd\n{{/if}}\nc\n", R"({})", "a\nd\nc\n", "a\n\nd\n\nc\n"},
    // More than upstream: classic.
    {"{{#if a}}\nA\n{{else if b}}\nB\n{{else}}\nC\n{{/if}}\n", R"({"b":1})", "B\n", "\nB\n\n"},
    {"a {{#if t}}b{{/if}} c\n", R"({"t":1})", "a b c\n", "a b c\n"},
    {"a\n{{~#if t}}\nb\n{{~/if}}\nc\n", R"({"t":1})", "abc\n", "a\nb\nc\n"},
    {"a\n{{#if t ~}}\n  b\n{{/if ~}}\n  c\n", R"({"t":1})", "a\nb\nc\n", "a\nb\nc\n"},
    {"k: v\n{{~#if t}}\nb: c\n{{~/if}}\nd: e\n", R"({"t":1})", "k: vb: cd: e\n",
     "k: v\nb: c\nd: e\n"},
    {"k: v\n{{#if t ~}}\nb: c\n{{/if ~}}\nd: e\n", R"({"t":1})", "k: v\nb: c\nd: e\n",
     "k: v\nb: c\nd: e\n"},
    {"a  {{~x~}}  b", R"({"x":"X"})", "aXb", "aXb"},
    {"{{#each a ~}}\n  {{this}},\n{{/each ~}}\nend", R"({"a":[1,2]})", "1,\n2,\nend",
     "1,\n2,\nend"},
    {"p:\n{{~#if bind.has_database}}\n{{~#each bind.database.members}}\n  host: {{ip}}\n  port: "
     "{{port}}\n{{~/each}}\n{{~else}}\n  host: {{cfg.h}}\n{{~/if}}\n",
     R"({"bind":{"has_database":true,"database":{"members":[{"ip":"1.1.1.1","port":"5432"},{"ip":"2.2.2.2","port":"5433"}]}},"cfg":{"h":"dflt"}})",
     "p:  host: 1.1.1.1\n  port: 5432  host: 2.2.2.2\n  port: 5433",
     "p:\n  host: 1.1.1.1\n  port: 5432\n  host: 2.2.2.2\n  port: 5433\n"},
    {"p:\n{{~#if bind.has_database}}\n{{~#each bind.database.members}}\n  host: {{ip}}\n  port: "
     "{{port}}\n{{~/each}}\n{{~else}}\n  host: {{cfg.h}}\n{{~/if}}\n",
     R"({"bind":{"has_database":false},"cfg":{"h":"dflt"}})", "p:  host: dflt",
     "p:\n  host: dflt\n"},
    {"backend default\n{{~#if bind.has_backend}}\n{{~#each bind.backend.members}}\n{{~#if alive "
     "}}\n    server {{ip}} {{ip}}:{{port}}\n{{~/if}}\n{{~/each}}\n{{~/if}}\n",
     R"({"bind":{"has_backend":true,"backend":{"members":[{"alive":true,"ip":"1.1.1.1","port":"80"},{"alive":false,"ip":"2.2.2.2","port":"80"},{"alive":true,"ip":"3.3.3.3","port":"80"}]}}})",
     "backend default    server 1.1.1.1 1.1.1.1:80    server 3.3.3.3 3.3.3.3:80",
     "backend default\n    server 1.1.1.1 1.1.1.1:80\n    server 3.3.3.3 3.3.3.3:80\n"},
    {"{{#if t}} a {{~else~}} b {{/if}}", R"({})", "b ", "b "},
    // More than upstream: classic.
    {"{{#if t}} a {{~else if u~}} b {{/if}}", R"({"u":1})", "b ", "b "},
    {"a\r\n{{#if t}}\r\nb\r\n{{/if}}\r\nc\r\n", R"({"t":1})", "a\r\nb\r\nc\r\n",
     "a\r\n\r\nb\r\n\r\nc\r\n"},
    {"{{#if t}}{{#if u}}\nx\n{{/if}}{{/if}}\ny", R"({"t":1,"u":1})", "\nx\n\ny", "\nx\n\ny"},
    {"a\n{{! c }}\nb\n", R"({})", "a\nb\n", "a\n\nb\n"},
    {"a\n{{#if t}}\nb\n{{/if}}", R"({"t":1})", "a\nb\n", "a\n\nb\n"},
    {"a\n{{x}}\nb\n", R"({"x":""})", "a\n\nb\n", "a\n\nb\n"},
    {"{{x~}} ", R"({"x":"X"})", "X", "X "},
    {"{{#if t~}} b {{/if~}} c", R"({"t":1})", "b c", "b c"},
    {"{{#if t~}}{{x}}  b{{/if}}", R"({"t":1,"x":"X"})", "X  b", "X  b"},
    {"{{#if t}}{{x~}}{{y}}  b{{/if}}", R"({"t":1,"x":"X","y":"Y"})", "XY  b", "XY  b"},
    {"a {{~ #if x ~}} T {{~ /if ~}} b", R"({"x":1})", "aTb", "aTb"},
};

class Whitespace : public testing::TestWithParam<Case> {};

TEST_P(Whitespace, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Whitespace, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
