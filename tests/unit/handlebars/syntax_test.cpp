// SPDX-License-Identifier: Apache-2.0
// Accepted and refused syntax. Template, data, and what it renders to in modern and in classic
// mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    {"{{#if a}}x", R"({})", refused, refused},
    {"{{#if a}}x{{/each}}", R"({})", refused, refused},
    {"{{}}", R"({})", refused, refused},
    {"{{#each a}}{{~if alive}}x{{~/if}}{{/each}}", R"({"a":[{"alive":true}]})", refused, refused},
    {"{{#if a }}x{{/if }}", R"({"a":1})", "x", "x"},
    {"{{#if\n a}}x{{/if}}", R"({"a":1})", "x", "x"},
    {"{{ #if x }}T{{ /if }}", R"({"x":1})", "T", "T"},
    {"{{# if x }}T{{/ if }}", R"({"x":1})", "T", "T"},
    {"{% x %} {{ x | upper }}", R"({"x":1})", refused, refused},
};

class Syntax : public testing::TestWithParam<Case> {};

TEST_P(Syntax, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Syntax, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
