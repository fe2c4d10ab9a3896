// SPDX-License-Identifier: Apache-2.0
#include "cli/self/man_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace hab::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array options = {
    OptionSpec{"force", 'f', OptionKind::flag, {}, "Do it", "HAB_FORCE"},
    OptionSpec{"bind", '\0', OptionKind::list, "BIND", ".dots and 'quotes' and \\slashes"},
    OptionSpec{"inner", '\0', OptionKind::flag, {}, "not for people", {}, {}, true}};
constexpr std::array arguments = {ArgumentSpec{"PKG_IDENT", "Which", true},
                                  ArgumentSpec{"ARGS", "More", false, true}};

std::vector<ManPage> pages() {
    std::vector<Command> table(3);
    table[0] = {.path = "pkg key make",
                .summary = "Make one",
                .description = "Slowly.\n\nBut well.",
                .arguments = arguments,
                .options = options,
                .exit_codes = "42  no plan found"};
    table[1] = {.path = "sup run", .summary = "Run it"};
    table[2] = {.path = "sup secret", .hidden = true};
    return man_pages(table, "2026-01-02");
}

TEST(ManPages, ThereIsOneForEachCommandAndFamily) {
    std::vector<std::string> files;
    for (const ManPage& page : pages())
        files.push_back(page.file);
    EXPECT_THAT(files, ElementsAre("hab.1", "hab-pkg-key-make.1", "hab-sup-run.1", "hab-pkg.1",
                                   "hab-pkg-key.1", "hab-sup.1"));
}

TEST(ManPages, SayWhatTheTableSays) {
    const std::string page = pages()[1].text;
    EXPECT_THAT(page, HasSubstr(".TH HAB\\-PKG\\-KEY\\-MAKE 1 2026-01-02 \"hab "));
    EXPECT_THAT(page, HasSubstr("hab\\-pkg\\-key\\-make \\- Make one\n"));
    EXPECT_THAT(page, HasSubstr("\\fIPKG_IDENT\\fR\n[\\fIARGS\\fR...]\n"));
    EXPECT_THAT(page, HasSubstr("\\fB\\-f\\fR, \\fB\\-\\-force\\fR\nDo it\n"));
    EXPECT_THAT(page, HasSubstr("HAB_FORCE"));
    EXPECT_THAT(page, HasSubstr(".TP\n42\nno plan found\n"));
    EXPECT_THAT(page, HasSubstr(".BR hab\\-pkg\\-key (1)\n"));
    EXPECT_THAT(page, Not(HasSubstr("inner")));
    EXPECT_THAT(pages().back().text, HasSubstr(".SH SIGNALS"));
}

TEST(ManPages, NothingInTheTableIsAnInstructionToRoff) {
    EXPECT_EQ(roff_escape("a-b\\c"), "a\\-b\\ec");
    EXPECT_EQ(roff_escape(".SH x"), "\\&.SH x");
    EXPECT_EQ(roff_escape("'br"), "\\(aqbr");
    EXPECT_THAT(pages()[1].text, HasSubstr("\\&.dots and \\(aqquotes\\(aq and \\eslashes (may"));
}

}  // namespace
}  // namespace hab::cli
