// SPDX-License-Identifier: Apache-2.0
// `hab studio` with the chroot backend, from the command line to the last mount.
#include <sys/mount.h>

#include <csignal>

#include "packages.hpp"
#include "support/mount.hpp"
#include "support/pty.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path studio_root = "/hab/studios/mine";

class Studio : public PackageWorld {
protected:
    RunResult inside(const std::vector<std::string>& words,
                     std::map<std::string, std::string> env = {}) {
        std::vector<std::string> all = {"studio", "run", "-r", studio_root.string()};
        all.insert(all.end(), words.begin(), words.end());
        return hab(all, std::move(env));
    }
};

TEST_F(Studio, SeesPackagesAndTheSourceAndNothingElse) {
    write_file_atomic(dir() / "hello", "from the source\n");
    const RunResult done = inside({"cat /src/hello; ls /; ls /hab/pkgs/core; ls /usr/bin"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.out, AllOf(HasSubstr("from the source\n"), HasSubstr("hab\n"),
                                HasSubstr("src\n"), HasSubstr("bash\ncoreutils\n")));
    EXPECT_THAT(done.out, Not(HasSubstr("python")));
    EXPECT_EQ(mounts_below(studio_root), 0U);
}

TEST_F(Studio, KeepsTheExitCodeAndTheQuotesOfArguments) {
    EXPECT_EQ(inside({"exit 7"}).exit_code, 7);
    write_file_atomic(dir() / "two  blanks", "found\n");
    EXPECT_EQ(inside({"cat", "/src/two  blanks"}).out, "found\n");
}

TEST_F(Studio, PackagesAreReadOnlyAndTheSourceIsNot) {
    const RunResult done =
        inside({"echo x > " + prefix_of("bash") + "/bin/evil; echo y > /src/made && echo written"});
    EXPECT_THAT(done.err, HasSubstr("Read-only file system"));
    EXPECT_FALSE(fs::exists(prefix_of("bash") + "/bin/evil"));
    EXPECT_EQ(read_file(dir() / "made"), "y\n");
}

TEST_F(Studio, SecretsAndAccounts) {
    const RunResult done =
        inside({"echo $TOKEN; cat /etc/passwd; echo $HOST_ONLY"},
               {{"HAB_STUDIO_SECRET_TOKEN", "two words"}, {"HOST_ONLY", "leaked"}});
    EXPECT_THAT(done.out, AllOf(HasSubstr("two words\n"), HasSubstr("hab:x:42:42:")));
    EXPECT_THAT(done.out, Not(HasSubstr("leaked")));
}

TEST_F(Studio, OfflineHasNoNetwork) {
    const RunResult done = hab({"studio", "run", "-r", studio_root.string(), "--offline",
                                "while read -r name rest; do echo $name; done < /proc/net/dev"});
    EXPECT_THAT(done.out, HasSubstr("lo:"));
    EXPECT_THAT(done.out, Not(HasSubstr("eth")));
}

TEST_F(Studio, EnterOnATerminalIsAnInteractiveShell) {
    const std::vector<std::string> words = {program("bin/hab").string(), "studio", "enter", "-r",
                                            studio_root.string()};
    const RunResult done = run_on_pty(
        words, 80, {.env = {}, .cwd = dir().string(), .input = "echo answer-$((6*7)); exit 3\n"});
    EXPECT_THAT(done.out, HasSubstr("answer-42"));
    EXPECT_EQ(done.exit_code, 3) << done.out;
}

TEST_F(Studio, EnterWithoutTerminalReadsAScript) {
    const RunResult done =
        hab({"studio", "enter", "-r", studio_root.string()}, {}, "pwd; exit 4\n");
    EXPECT_EQ(done.out, "/src\n");
    EXPECT_EQ(done.exit_code, 4);
}

TEST_F(Studio, KilledCommandLeavesNothingMountedAndNothingRunning) {
    Background studio({program("bin/hab").string(), "studio", "run", "-r", studio_root.string(),
                       "echo up > /src/up; while :; do echo x >> /src/beat; sleep 0.05; done"},
                      {.env = {}, .cwd = dir().string()});
    ASSERT_TRUE(eventually([&] { return fs::exists(dir() / "beat"); })) << studio.output();
    EXPECT_EQ(mounts_below(studio_root), 0U) << "mounts must be the studio's own";
    ASSERT_EQ(::kill(studio.pid(), SIGKILL), 0);
    ASSERT_TRUE(studio.wait().has_value());
    EXPECT_TRUE(eventually([&] {
        const auto before = fs::file_size(dir() / "beat");
        return !eventually([&] { return fs::file_size(dir() / "beat") != before; },
                           std::chrono::seconds(1));
    })) << "the program inside still runs";
    EXPECT_EQ(mounts_below(studio_root), 0U);
    EXPECT_EQ(hab({"studio", "rm", "-r", studio_root.string()}).exit_code, 0);
    EXPECT_FALSE(fs::exists(studio_root));
}

TEST_F(Studio, TerminationEndsItCleanly) {
    Background studio({program("bin/hab").string(), "studio", "run", "-r", studio_root.string(),
                       "echo up > /src/up; sleep 1000"},
                      {.env = {}, .cwd = dir().string()});
    ASSERT_TRUE(eventually([&] { return fs::exists(dir() / "up"); })) << studio.output();
    studio.signal(SIGTERM);
    const auto code = studio.wait();
    ASSERT_TRUE(code.has_value());
    EXPECT_EQ(*code, 1);
    EXPECT_THAT(studio.output(), HasSubstr("cancelled"));
}

TEST_F(Studio, RemovalRefusesWhileSomethingIsMountedBelow) {
    ASSERT_EQ(hab({"studio", "new", "-r", studio_root.string()}).exit_code, 0);
    const TempDir victim;
    write_file_atomic(victim.path() / "precious", "x");
    const fs::path point = studio_root / "mnt";
    ASSERT_EQ(::mount(victim.path().c_str(), point.c_str(), nullptr, MS_BIND, nullptr), 0);
    const RunResult refused = hab({"studio", "rm", "-r", studio_root.string()});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr("is mounted there"), HasSubstr("nothing was removed")));
    EXPECT_TRUE(fs::exists(victim.path() / "precious"));
    EXPECT_TRUE(fs::exists(studio_root / "etc/passwd"));
    ASSERT_EQ(::umount(point.c_str()), 0);
    EXPECT_EQ(hab({"studio", "rm", "-r", studio_root.string()}).exit_code, 0);
    EXPECT_FALSE(fs::exists(studio_root));
    EXPECT_TRUE(fs::exists(victim.path() / "precious"));
}

TEST_F(Studio, RemovingWhatIsNotThereIsFine) {
    EXPECT_EQ(hab({"studio", "rm", "-r", "/hab/studios/none"}).exit_code, 0);
}

TEST_F(Studio, DirectoryWithSomethingElseIsRefused) {
    const fs::path other = "/hab/other";
    make_directories(other);
    write_file_atomic(other / "work", "mine");
    for (const char* command : {"new", "rm"}) {
        const RunResult refused = hab({"studio", command, "-r", other.string()});
        EXPECT_EQ(refused.exit_code, 2) << refused.err;
        EXPECT_THAT(refused.err, HasSubstr("holds something else"));
    }
    EXPECT_EQ(read_file(other / "work"), "mine");
}

TEST_F(Studio, StatusAndListTellWhatIsThere) {
    EXPECT_THAT(hab({"studio", "status", "-r", studio_root.string()}).out,
                AllOf(HasSubstr("Exists   no"), HasSubstr("Usable   yes")));
    ASSERT_EQ(hab({"studio", "new", "-r", studio_root.string()}).exit_code, 0);
    EXPECT_THAT(hab({"studio", "status", "-r", studio_root.string(), "--format", "json"}).out,
                AllOf(HasSubstr("\"exists\": true"), HasSubstr("\"type\": \"default\"")));
    EXPECT_THAT(hab({"studio", "list"}).out,
                AllOf(HasSubstr("mine"), HasSubstr(studio_root.string())));
}

TEST_F(Studio, WithoutBashItSaysWhatToDo) {
    fs::remove_all(prefix_of("bash"));
    const RunResult refused = inside({"true"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("there is no bash package"), HasSubstr("core/bash")));
    EXPECT_FALSE(fs::exists(studio_root)) << "nothing half-made";
}

TEST_F(Studio, UnknownBackendIsNamed) {
    const RunResult refused = inside({"true"}, {{"HAB_STUDIO_BACKEND", "nonsense"}});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("nonsense"));
}

}  // namespace
}  // namespace hab::test
