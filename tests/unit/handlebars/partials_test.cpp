// SPDX-License-Identifier: Apache-2.0
// Sections, helpers, partials. Template, data, and what it renders to in modern and in classic
// mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    // More than upstream: modern and classic.
    {"{{#person}}{{name}}{{/person}}", R"({"person":{"name":"N"}})", "N", "N"},
    // More than upstream: modern and classic.
    {"{{^person}}none{{/person}}", R"({})", "none", "none"},
    {"{{nope \"x\"}}", R"({})", refused, refused},
    {"[{{nope x}}]", R"({"nope":1,"x":2})", refused, refused},
    {"{{{{raw}}}}{{x}} {{#if}}{{{{/raw}}}}", R"({"x":1})", "{{x}} {{#if}}", "{{x}} {{#if}}"},
    {"[{{> p}}]", R"({"x":1})", "[x=1]", "[x=1]", R"({"p":"x={{x}}"})"},
    {"[{{> p x=2 y=\"z\"}}]", R"({"x":1})", "[x=2z]", "[x=2z]", R"({"p":"x={{x}}{{y}}"})"},
    {"[{{> p o}}]", R"({"o":{"x":5}})", "[x=5]", "[x=5]", R"({"p":"x={{x}}"})"},
    {"[{{> nope}}]", R"({})", refused, "[]"},
    // More than upstream: modern.
    {"[{{> (lookup . \"w\")}}]", R"({"w":"p"})", "[P]", "[P]", R"({"p":"P"})"},
    {"a\n  {{> p}}\nb", R"({})", "a\n  l1\n  l2\nb", "a\n  l1\nl2\n\nb", R"({"p":"l1\nl2\n"})"},
    {"a\n{{> p}}\nb\n", R"({})", "a\nP\nb\n", "a\nP\n\nb\n", R"({"p":"P\n"})"},
    {"{{#> nope}}def{{/nope}}", R"({})", "def", "def"},
    {"{{#> lay}}body{{/lay}}", R"({})", "<body>", "<body>", R"({"lay":"<{{> @partial-block}}>"})"},
    {"{{#*inline \"i\"}}I{{x}}{{/inline}}{{> i}}", R"({"x":1})", "I1", "I1"},
    {"[{{log \"hi\" level=\"error\"}}]", R"({})", "[]", "[]"},
    // More than upstream: classic.
    {"{{len (lookup o \"l\")}}", R"({"o":{"l":[1,2,3]}})", "3", "3"},
    // More than upstream: classic.
    {"{{#if (eq n 5)}}Y{{/if}}", R"({"n":5})", "Y", "Y"},
};

class Partials : public testing::TestWithParam<Case> {};

TEST_P(Partials, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Partials, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
