// SPDX-License-Identifier: Apache-2.0
#include "cli/columns.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace hab::cli {
namespace {

constexpr std::array services = {Column{"package"}, Column{"type", Fit::drop},
                                 Column{"elapsed (s)"}, Column{"reason", Fit::cut},
                                 Column{"group"}};
const std::vector<Row> rows{
    {"core/nginx/1.22.1/20260101000000", "standalone", "12", "waits for the bind", "nginx.default"},
    {"core/ä", "standalone", "7", "", "ä.default"}};

TEST(Columns, AreAsWideAsTheirWidestCell) {
    EXPECT_EQ(columns_text(services, rows, std::nullopt),
              "package                           type        elapsed (s)  reason              "
              "group\n"
              "core/nginx/1.22.1/20260101000000  standalone  12           waits for the bind  "
              "nginx.default\n"
              "core/ä                            standalone  7                                "
              "ä.default\n");
}

TEST(Columns, AreLeftOutThenTheirTitlesAreCutThenCells) {
    EXPECT_EQ(columns_text(services, rows, 82),
              "package                           elapsed (s)  reason              group\n"
              "core/nginx/1.22.1/20260101000000  12           waits for the bind  nginx.default\n"
              "core/ä                            7                                ä.default\n");
    EXPECT_EQ(columns_text(services, rows, 75),
              "package                           elaps…  reason              group\n"
              "core/nginx/1.22.1/20260101000000  12      waits for the bind  nginx.default\n"
              "core/ä                            7                           ä.default\n");
    EXPECT_EQ(columns_text(services, rows, 66),
              "package                           ela…  reason       group\n"
              "core/nginx/1.22.1/20260101000000  12    waits for …  nginx.default\n"
              "core/ä                            7                  ä.default\n");
}

TEST(Columns, KeepWhatIdentifiesARowOnTheNarrowestTerminal) {
    for (const unsigned width : {0u, 1u, 20u, 40u}) {
        const std::string text = columns_text(services, rows, width);
        EXPECT_NE(text.find("core/nginx/1.22.1/20260101000000"), text.npos) << width;
        EXPECT_NE(text.find("nginx.default"), text.npos) << width;
        EXPECT_NE(text.find("waits f…"), text.npos) << width;
    }
}

TEST(Columns, FitOrAreWhole) {
    constexpr std::array three = {Column{"a"}, Column{"b", Fit::cut}, Column{"c", Fit::cut}};
    const std::vector<Row> wide{{"x", std::string(100, 'b'), std::string(30, 'c')}};
    for (unsigned width = 21; width < 140; ++width) {
        const std::string text = columns_text(three, wide, width);
        std::size_t longest = 0;
        std::size_t at = 0;
        for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', at)) {
            std::size_t letters = 0;
            for (const char c : text.substr(at, end - at))
                letters += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
            longest = std::max(longest, letters);
            at = end + 1;
        }
        EXPECT_EQ(longest, std::min(width, 135u));
    }
}

TEST(Columns, OfAnEmptyTableAreItsTitles) {
    EXPECT_EQ(columns_text(services, {}, 80), "package  type  elapsed (s)  reason  group\n");
}

TEST(Columns, APipeGetsWholeLinesAndATerminalItsWidth) {
    EXPECT_EQ(line_width(Terminal(STDOUT_FILENO, STDERR_FILENO, false, 80)), std::nullopt);
    EXPECT_EQ(line_width(Terminal(STDOUT_FILENO, STDERR_FILENO, true, 72)), 72u);
}

}  // namespace
}  // namespace hab::cli
