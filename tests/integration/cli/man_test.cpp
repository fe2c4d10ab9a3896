// SPDX-License-Identifier: Apache-2.0
// Manual pages of the real command table, read by the programs that people read them with.
#include <gmock/gmock.h>
#include <unistd.h>

#include "base/files.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

class Man : public WorldTest {
protected:
    std::string hab_ = program("bin/hab").string();
    static constexpr const char* dir = "/hab/man/man1";
};

TEST_F(Man, MandocHasNothingToWarnOf) {
    HAB_REQUIRE(::access("/usr/bin/mandoc", X_OK) == 0, "mandoc");
    const RunResult made = run({hab_, "cli", "man", dir}, {.env = {{"SOURCE_DATE_EPOCH", "0"}}});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    std::vector<std::string> words{"mandoc", "-T", "lint", "-W", "warning"};
    for (const auto& entry : fs::directory_iterator(dir))
        words.push_back(entry.path());
    EXPECT_GT(words.size(), 50u);
    const RunResult lint = run(words);
    EXPECT_EQ(lint.exit_code, 0) << lint.out;
    EXPECT_EQ(lint.out, "");
}

TEST_F(Man, PeopleCanReadThem) {
    HAB_REQUIRE(::access("/usr/bin/mandoc", X_OK) == 0, "mandoc");
    ASSERT_EQ(run({hab_, "cli", "man", dir}, {.env = {{"SOURCE_DATE_EPOCH", "0"}}}).exit_code, 0);
    const auto page = [](const std::string& name) {
        return run({"sh", "-c",
                    "mandoc -T utf8 -O width=78 " + (fs::path(dir) / name).string() + " | col -b"})
            .out;
    };
    EXPECT_THAT(page("hab-pkg-install.1"), HasSubstr("hab-pkg-install - "));
    EXPECT_THAT(page("hab-pkg-install.1"), HasSubstr("PKG_IDENT_OR_ARTIFACT"));
    EXPECT_THAT(page("hab-pkg-install.1"), HasSubstr("1970-01-01"));
    EXPECT_THAT(page("hab-sup.1"), HasSubstr("hab-launch"));
    EXPECT_THAT(page("hab-plan-render.1"), HasSubstr("HAB_CONFIG_ORDER"));
    EXPECT_THAT(page("hab.1"), HasSubstr("hab svc load"));
}

TEST_F(Man, IsInstalledWithTheCompletions) {
    const RunResult result =
        run({"cmake", "--install", build_dir(), "--component", "shell", "--prefix", "/usr"},
            {.env = {{"DESTDIR", "/hab/root"}}});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    for (const char* file :
         {"man/man1/hab.1", "man/man1/hab-pkg-install.1", "bash-completion/completions/hab",
          "zsh/site-functions/_hab", "fish/vendor_completions.d/hab.fish"}) {
        EXPECT_TRUE(fs::is_regular_file(fs::path("/hab/root/usr/share") / file)) << file;
    }
}

TEST_F(Man, SaysWhyAPageCannotBeWritten) {
    write_file_atomic("/hab/file", "x");
    const RunResult result = run({hab_, "cli", "man", "/hab/file/man1"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("/hab/file"));
    EXPECT_EQ(run({hab_, "cli", "man"}).exit_code, 2);
}

}  // namespace
}  // namespace hab::test
