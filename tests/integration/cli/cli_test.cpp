// SPDX-License-Identifier: Apache-2.0
// The command line as a person and a script meet it: help, mistakes, exit codes, completion,
// reference.
#include <gmock/gmock.h>

#include "base/files.hpp"
#include "support/pty.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class Cli : public WorldTest {
protected:
    std::string hab_ = program("bin/hab").string();
};

TEST_F(Cli, SaysItsVersion) {
    const RunResult result = run({hab_, "--version"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, MatchesRegex("hab [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Cli, HelpExistsOnEveryLevel) {
    EXPECT_THAT(run({hab_, "--help"}).out, HasSubstr("cli completers"));
    EXPECT_THAT(run({hab_, "cli", "--help"}).out, HasSubstr("cli completers"));
    const RunResult leaf = run({hab_, "cli", "completers", "--help"});
    EXPECT_EQ(leaf.exit_code, 0);
    EXPECT_THAT(leaf.out, HasSubstr("--shell SHELL"));
    EXPECT_THAT(leaf.out, HasSubstr("Exit codes:"));
}

TEST_F(Cli, WrongUsageExitsWithTwoAndSuggests) {
    const RunResult unknown = run({hab_, "cli", "compelters"});
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean 'hab cli completers'?"));
    EXPECT_EQ(unknown.out, "");
    EXPECT_EQ(run({hab_}).exit_code, 2);
    EXPECT_EQ(run({hab_, "cli"}).exit_code, 2);
    EXPECT_EQ(run({hab_, "cli", "completers", "surplus"}).exit_code, 2);
}

TEST_F(Cli, ErrorsAreColouredOnlyForPeople) {
    const RunResult person = run_on_pty({hab_, "nonsense"});
    EXPECT_THAT(person.out, HasSubstr("\x1b["));
    EXPECT_THAT(run_on_pty({hab_, "nonsense"}, 80, {.env = {{"HAB_NOCOLORING", "1"}}}).out,
                ::testing::Not(HasSubstr("\x1b[")));
    EXPECT_THAT(run({hab_, "nonsense"}).err, ::testing::Not(HasSubstr("\x1b[")));
}

TEST_F(Cli, CommandsMayBeCutShort) {
    EXPECT_EQ(run({hab_, "cl", "ref"}).out, run({hab_, "cli", "reference"}).out);
    const RunResult several = run({hab_, "svc", "sta"});
    EXPECT_EQ(several.exit_code, 2);
    EXPECT_THAT(several.err, HasSubstr("'hab svc start' or 'hab svc status'"));
    EXPECT_EQ(several.out, "");
}

TEST_F(Cli, TheReferencePageIsTrue) {
    const std::string page = read_file(source_dir() / "docs/guide/commands.md");
    EXPECT_EQ(run({hab_, "cli", "reference"}).out, page)
        << "run: build/dev/bin/hab cli reference > docs/guide/commands.md";
}

}  // namespace
}  // namespace hab::test
