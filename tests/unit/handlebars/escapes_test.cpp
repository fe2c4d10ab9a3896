// SPDX-License-Identifier: Apache-2.0
// Escapes and comments. Template, data, and what it renders to in modern and in classic mode.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

const Case rows[] = {
    {"\\{{x}} \\\\{{x}} \\\\\\{{x}}", R"({"x":"V"})", "{{x}} \\V \\\\V", "\\{{x}} {{x}} \\{{x}}"},
    {"{x} {{x}} }} {{ x }}", R"({"x":"V"})", "{x} V }} V", "{x} V }} V"},
    {"${{{x}}} $\\{{x}}", R"({"x":"V"})", "$V ${{x}}", "$V $\\{{x}}"},
    // More than upstream: classic.
    {"a{{! c }}b{{!-- d }} --}}e", R"({})", "abe", "abe"},
    {"a\n  {{! c }}\nb", R"({})", "a\nb", "a\n  \nb"},
    {"a {{!~ c ~}} b", R"({})", "a  b", "a  b"},
    // More than upstream: modern and classic.
    {"a {{~! c ~}} b", R"({})", "ab", "ab"},
};

class Escapes : public testing::TestWithParam<Case> {};

TEST_P(Escapes, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Escapes, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
