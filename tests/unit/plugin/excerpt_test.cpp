// SPDX-License-Identifier: Apache-2.0
#include "plugin/excerpt.hpp"

#include <gtest/gtest.h>

namespace hab::plugin {
namespace {

TEST(Excerpt, PutsACaretBelowThePlace) {
    EXPECT_EQ(excerpt("a\nb\nport {{cfg.prot}}\nd", 3, 8),
              "\n  3 | port {{cfg.prot}}\n    |        ^");
    EXPECT_EQ(excerpt("{{x", 1, 1), "\n  1 | {{x\n    | ^");
    EXPECT_EQ(excerpt("\n\n\n\n\n\n\n\n\n  {{x\r\n", 10, 3), "\n  10 |   {{x\n     |   ^");
}

TEST(Excerpt, CountsCharactersNotBytes) {
    EXPECT_EQ(excerpt("äöü {{x", 1, 5), "\n  1 | äöü {{x\n    |     ^");
}

TEST(Excerpt, TurnsControlCharactersIntoBlanks) {
    EXPECT_EQ(excerpt("\tx\x1b[1m", 1, 2), "\n  1 |  x [1m\n    |  ^");
}

TEST(Excerpt, CutsLongLinesAroundThePlace) {
    const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
    const std::string shown = excerpt(line, 1, 301);
    EXPECT_EQ(shown, "\n  1 | " + std::string(60, 'a') + "X" + std::string(39, 'b') + "\n    | " +
                         std::string(60, ' ') + "^");
    EXPECT_EQ(excerpt(line, 1, 5), "\n  1 | " + std::string(100, 'a') + "\n    |     ^");
    EXPECT_EQ(excerpt(line, 1, 602),
              "\n  1 | " + std::string(100, 'b') + "\n    | " + std::string(100, ' ') + "^");
}

TEST(Excerpt, IsEmptyWhereThereIsNothingToShow) {
    EXPECT_EQ(excerpt("a", 2, 1), "");
    EXPECT_EQ(excerpt("a", 0, 0), "");
    EXPECT_EQ(excerpt("\xff\xfe", 1, 1), "");
    EXPECT_EQ(excerpt("", 1, 1), "\n  1 | \n    | ^");
}

}  // namespace
}  // namespace hab::plugin
