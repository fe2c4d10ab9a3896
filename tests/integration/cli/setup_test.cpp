// SPDX-License-Identifier: Apache-2.0
// hab cli setup, with a person at a terminal and with answers from a pipe.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/files.hpp"
#include "support/pty.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Setup : public WorldTest {
protected:
    static constexpr const char* file = "/hab/etc/cli.toml";
    std::vector<std::string> setup_ = {program("bin/hab").string(), "cli", "setup"};

    static mode_t mode() {
        struct stat info{};
        return ::stat(file, &info) == 0 ? info.st_mode & 07777 : 0;
    }
};

TEST_F(Setup, TakesAnswersFromAPipe) {
    const RunResult result =
        run(setup_, {.input = "acme\nhttps://depot.example\ntok3n\nctl-s3cret\nyes\n"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(read_file(file),
              "origin = \"acme\"\nbldr_url = \"https://depot.example\"\n"
              "auth_token = \"tok3n\"\nctl_secret = \"ctl-s3cret\"\n");
    EXPECT_EQ(mode(), 0600u);
    EXPECT_THAT(result.out, Not(HasSubstr("tok3n")));
    EXPECT_THAT(result.out, Not(HasSubstr("s3cret")));
    EXPECT_FALSE(fs::is_empty("/hab/cache/keys"));
    EXPECT_EQ(run({program("bin/hab").string(), "origin", "key", "export", "acme"}).exit_code, 0);
}

TEST_F(Setup, KeepsWhatIsNotAnsweredAndTakesAwayWhatShallGo) {
    fs::create_directories("/hab/etc");
    write_file_atomic(file, "origin = \"old\"\nauth_token = \"tok3n\"\nlisten_ctl = \"h:1\"\n");
    const RunResult result = run(setup_, {.input = "\n\n-\n"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(read_file(file), "origin = \"old\"\nlisten_ctl = \"h:1\"\n");
    EXPECT_EQ(mode(), 0644u);
    EXPECT_THAT(result.out, HasSubstr("Default origin [old]"));
    EXPECT_THAT(result.out, HasSubstr("[is set]"));
    EXPECT_FALSE(fs::exists("/hab/cache/keys")) << "nobody agreed to a key";
}

TEST_F(Setup, BadAnswersAndFilesChangeNothing) {
    const RunResult origin = run(setup_, {.input = "Not An Origin\n"});
    EXPECT_EQ(origin.exit_code, 2);
    EXPECT_THAT(origin.err, HasSubstr("'Not An Origin' is not a valid origin name"));
    const RunResult url = run(setup_, {.input = "acme\ndepot.example\n"});
    EXPECT_EQ(url.exit_code, 2);
    EXPECT_THAT(url.err, HasSubstr("'depot.example' is not the address of a depot"));
    EXPECT_EQ(run(setup_, {.input = "acme\n\n\n\nmaybe\n"}).exit_code, 2);
    EXPECT_FALSE(fs::exists(file));
    for (const char* yes : {"true", "1", "yes"}) {
        const RunResult quiet = run(setup_, {.env = {{"HAB_NONINTERACTIVE", yes}}, .input = "a\n"});
        EXPECT_EQ(quiet.exit_code, 2) << yes;
        EXPECT_THAT(quiet.err, HasSubstr("HAB_NONINTERACTIVE forbids it"));
    }
    fs::create_directories("/hab/etc");
    write_file_atomic(file, "origin = \n");
    const RunResult broken = run(setup_, {.input = "acme\n"});
    EXPECT_EQ(broken.exit_code, 1);
    EXPECT_THAT(broken.err, HasSubstr("/hab/etc/cli.toml:1:"));
    EXPECT_EQ(read_file(file), "origin = \n");
}

TEST_F(Setup, APersonIsAskedAgainAndSeesNoSecrets) {
    PtyDialog dialog(setup_);
    ASSERT_TRUE(dialog.wait_for("Default origin: "));
    dialog.type("Bad Name\n");
    ASSERT_TRUE(dialog.wait_for("is not a valid origin name"));
    ASSERT_TRUE(dialog.wait_for("Default origin: "));
    dialog.type("acme\n");
    ASSERT_TRUE(dialog.wait_for("Depot: "));
    dialog.type("\n");
    ASSERT_TRUE(dialog.wait_for("(not shown): "));
    dialog.type("wrong\x15tok3x\x7fn\n");
    ASSERT_TRUE(dialog.wait_for("(not shown): "));
    dialog.type("\n");
    ASSERT_TRUE(dialog.wait_for("Create a signing key for 'acme'? [Y/n]: "));
    dialog.type("n\n");
    EXPECT_EQ(dialog.finish(), 0) << dialog.shown();
    EXPECT_EQ(read_file(file), "origin = \"acme\"\nauth_token = \"tok3n\"\n");
    EXPECT_THAT(dialog.shown(), Not(HasSubstr("tok3")));
    EXPECT_THAT(dialog.shown(), Not(HasSubstr("wrong")));
}

TEST_F(Setup, InterruptLeavesNothingBehind) {
    PtyDialog dialog(setup_);
    ASSERT_TRUE(dialog.wait_for("Default origin: "));
    dialog.type("acme\n");
    ASSERT_TRUE(dialog.wait_for("Depot: "));
    dialog.type("\n");
    ASSERT_TRUE(dialog.wait_for("(not shown): "));
    dialog.type("half\x03");
    EXPECT_EQ(dialog.finish(), 1);
    EXPECT_THAT(dialog.shown(), HasSubstr("the setup was interrupted: nothing was written"));
    EXPECT_FALSE(fs::exists(file));
}

}  // namespace
}  // namespace hab::test
