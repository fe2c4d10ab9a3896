// SPDX-License-Identifier: Apache-2.0
// Helpers beyond the documented tables: TOML and YAML output, package paths, comparisons, case.
#include <gtest/gtest.h>

#include "driver.hpp"

namespace handlebars_test {
namespace {

#define DEPS                                                                            \
    R"({"pkg":{"deps":[)"                                                               \
    R"({"origin":"core","name":"glibc","version":"2.36","release":"20260101000000"},)"  \
    R"({"origin":"core","name":"openssl","version":"3.0","release":"20260101000001"},)" \
    R"({"origin":"acme","name":"openssl","version":"1.1","release":"20260101000002",)"  \
    R"("path":"/other/root/hab/pkgs/acme/openssl"}]}})"

const Case rows[] = {
    {"{{pkgPathFor \"core/openssl\"}}", DEPS, "/hab/pkgs/core/openssl/3.0/20260101000001",
     "/hab/pkgs/core/openssl/3.0/20260101000001"},
    {"{{pkgPathFor \"core/openssl/3.0\"}}/bin", DEPS,
     "/hab/pkgs/core/openssl/3.0/20260101000001/bin",
     "/hab/pkgs/core/openssl/3.0/20260101000001/bin"},
    {"{{pkgPathFor \"core/glibc/2.36/20260101000000\"}}", DEPS,
     "/hab/pkgs/core/glibc/2.36/20260101000000", "/hab/pkgs/core/glibc/2.36/20260101000000"},
    {"{{pkgPathFor \"acme/openssl\"}}", DEPS, "/other/root/hab/pkgs/acme/openssl",
     "/other/root/hab/pkgs/acme/openssl"},
    {"[{{pkgPathFor \"core/openssl/1.1\"}}]", DEPS, "[]", "[]"},
    {"[{{pkgPathFor \"core/none\"}}]", "{}", "[]", "[]"},
    {"{{#each pkg.deps}}{{#if @first}}{{pkgPathFor \"core/glibc\"}}{{/if}}{{/each}}", DEPS,
     "/hab/pkgs/core/glibc/2.36/20260101000000", "/hab/pkgs/core/glibc/2.36/20260101000000"},
    {"{{pkgPathFor \"openssl\"}}", DEPS, refused, refused},
    {"{{pkgPathFor \"a//b\"}}", DEPS, refused, refused},
    {"{{pkgPathFor 5}}", DEPS, refused, refused},

    {"{{toToml l}}", R"({"l":["a","b"]})", "[\"a\", \"b\"]", "[\"a\", \"b\"]"},
    {"{{toToml s}}", R"({"s":"q\"\n\\"})", "\"q\\\"\\n\\\\\"", "\"q\\\"\\n\\\\\""},
    {"{{toToml o}}", R"({"o":{"t":{"x":1},"a":1,"b c":[1.0,{"k":true}],"e":{}}})",
     "a = 1\n\"b c\" = [1.0, { k = true }]\n\n[t]\nx = 1\n\n[e]\n",
     "a = 1\n\"b c\" = [1.0, { k = true }]\n\n[t]\nx = 1\n\n[e]\n"},
    {"{{toToml o}}", R"({"o":{"f":[{"n":"a","v":[{"w":1}]},{"n":"b"}]}})",
     "[[f]]\nn = \"a\"\n\n[[f.v]]\nw = 1\n\n[[f]]\nn = \"b\"\n",
     "[[f]]\nn = \"a\"\n\n[[f.v]]\nw = 1\n\n[[f]]\nn = \"b\"\n"},
    {"{{toToml nope}}", "{}", refused, refused},
    {"{{toToml o}}", R"({"o":{"a":[null]}})", refused, refused},

    {"{{toYaml o}}", R"({"o":{"a":1,"b":{"c":["x","y"],"d":{}},"e":[{"f":1,"g":2},[3]],"h":[]}})",
     "a: 1\nb:\n  c:\n  - x\n  - 'y'\n  d: {}\ne:\n- f: 1\n  g: 2\n- - 3\nh: []\n",
     "a: 1\nb:\n  c:\n  - x\n  - 'y'\n  d: {}\ne:\n- f: 1\n  g: 2\n- - 3\nh: []\n"},
    {"{{toYaml l}}",
     R"({"l":["true","no","1.5","","a: b","it's","x\ny","- z","/p/q","a#b","a #b"]})",
     "- 'true'\n- 'no'\n- '1.5'\n- ''\n- 'a: b'\n- it's\n- \"x\\ny\"\n- '- z'\n- /p/q\n- a#b\n- 'a "
     "#b'\n",
     "- 'true'\n- 'no'\n- '1.5'\n- ''\n- 'a: b'\n- it's\n- \"x\\ny\"\n- '- z'\n- /p/q\n- a#b\n- 'a "
     "#b'\n"},
    {"{{toYaml n}}{{toYaml nope}}", R"({"n":true})", "true\nnull\n", "true\nnull\n"},

    {"{{toLowercase \"ÄÖ ΑΣ ΣΑ\"}}", "{}", "äö ας σα", "äö ας σα"},
    {"{{toUppercase \"straße ﬁ ǆ я\"}}", "{}", "STRASSE FI Ǆ Я", "STRASSE FI Ǆ Я"},

    {"{{#if (gt 2 10)}}T{{else}}F{{/if}}{{#if (gt \"2\" \"10\")}}T{{else}}F{{/if}}", "{}", "FT",
     "FT"},
    {"{{#if (lt 1 1.5)}}T{{/if}}{{#if (lte 2 2)}}T{{/if}}{{#if (gte 1 2)}}T{{/if}}", "{}", "TT",
     "TT"},
    {"{{#if (lt 9007199254740992 9007199254740993)}}T{{/if}}", "{}", "T", "T"},
    {"{{#if (gt \"a\" 1)}}T{{else}}F{{/if}}", "{}", "F", "F"},
    {"{{#if (and a (or b c) (not b))}}T{{else}}F{{/if}}", R"({"a":1,"c":"x"})", "T", "T"},
    {"{{#if (ne a b)}}T{{/if}}{{#if (eq l m)}}T{{/if}}",
     R"({"a":1,"b":"1","l":[1,{"k":[]}],"m":[1,{"k":[]}]})", "TT", "TT"},
    {"{{len l}}{{len o}}{{len s}}{{len nope}}", R"({"l":[1,2],"o":{"a":1},"s":"äb"})", "2120",
     "2120"},
    {"{{len}}", R"({"len":5})", refused, "5"},
    {"{{toJson}}", R"({"toJson":5})", refused, "5"},
    {"{{toJson a b}}", "{}", refused, refused},
    {"{{json o}}|{{toml l}}", R"({"o":{"a":1},"l":[1]})", refused, "{\n  \"a\": 1\n}|[1]"},
};

class Helpers : public testing::TestWithParam<Case> {};

TEST_P(Helpers, RendersAsDocumented) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, Helpers, testing::ValuesIn(rows));

}  // namespace
}  // namespace handlebars_test
