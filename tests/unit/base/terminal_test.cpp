// SPDX-License-Identifier: Apache-2.0
#include "base/terminal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

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

TEST(HumanBytes, UsesDecimalUnits) {
    EXPECT_EQ(human_bytes(999), "999 B");
    EXPECT_EQ(human_bytes(4200000), "4.2 MB");
}

}  // namespace
}  // namespace hab
