// SPDX-License-Identifier: Apache-2.0
#include "base/terminal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.hpp"
#include "base/temp_dir.hpp"

namespace hab {
namespace {

class TerminalOutput : public ::testing::Test {
protected:
    TempDir dir_{"terminal-test-"};
    UniqueFd out_ = open_file(dir_.path() / "out", O_WRONLY | O_CREAT, 0600);
    UniqueFd err_ = open_file(dir_.path() / "err", O_WRONLY | O_CREAT, 0600);
    std::string out() { return read_file(dir_.path() / "out"); }
    std::string err() { return read_file(dir_.path() / "err"); }
};

TEST_F(TerminalOutput, ErrorsGoToStderrWithTheirHint) {
    Terminal terminal(out_.get(), err_.get(), false, 80);
    terminal.fatal(Error(ErrorCode::failed, "it broke", "mend it"));
    EXPECT_EQ(out(), "");
    EXPECT_EQ(err(), "✗✗✗\n✗✗✗ it broke\n✗✗✗ hint: mend it\n✗✗✗\n");
}

TEST_F(TerminalOutput, ProgressOnAPipeIsAFewWholeLines) {
    Terminal terminal(out_.get(), err_.get(), false, 80);
    for (std::uint64_t i = 0; i <= 100; ++i)
        terminal.progress("Unpacking", i, 100, false);
    const std::string text = out();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
    EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST_F(TerminalOutput, ProgressOnATerminalIsCutToItsWidth) {
    Terminal terminal(out_.get(), err_.get(), true, 10);
    terminal.progress("A very long label", 1, 2, true);
    terminal.status("Done", "x");
    EXPECT_EQ(out(), "\rA very lo\x1b[K\n→ Done x\n");
}

TEST_F(TerminalOutput, SignsFollowTheGlyphStyle) {
    Terminal terminal(out_.get(), err_.get(), false, 80);
    ::setenv("HAB_GLYPH_STYLE", "ascii", 1);
    terminal.begin("a");
    terminal.status("b", "c");
    terminal.end("d");
    terminal.fatal(Error(ErrorCode::failed, "it broke"));
    ::setenv("HAB_GLYPH_STYLE", "limited", 1);
    terminal.begin("e");
    ::setenv("HAB_GLYPH_STYLE", "full", 1);
    terminal.end("f");
    ::unsetenv("HAB_GLYPH_STYLE");
    EXPECT_EQ(out(), ">> a\n-> b c\n* d\n» e\n★ f\n");
    EXPECT_EQ(err(), "xxx\nxxx it broke\nxxx\n");
}

TEST_F(TerminalOutput, NothingIsRedrawnForNoninteractiveCallers) {
    Terminal terminal(out_.get(), err_.get(), true, 80);
    ::setenv("HAB_NONINTERACTIVE", "true", 1);
    terminal.progress("Unpacking", 1, 2, false);
    ::unsetenv("HAB_NONINTERACTIVE");
    EXPECT_EQ(out(), "Unpacking  50% 1 / 2\n");
}

TEST(HumanBytes, UsesDecimalUnits) {
    EXPECT_EQ(human_bytes(999), "999 B");
    EXPECT_EQ(human_bytes(4200000), "4.2 MB");
}

}  // namespace
}  // namespace hab
