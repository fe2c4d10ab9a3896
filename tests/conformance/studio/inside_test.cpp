// SPDX-License-Identifier: Apache-2.0
// What programs in a studio see, and what they cannot do.
#include <csignal>

#include "fixture.hpp"
#include "support/mount.hpp"
#include "support/pty.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class StudioInside : public StudioConformance {};

TEST_P(StudioInside, HoldsPackagesTheSourceAndNothingElse) {
    const auto mounts = mounts_below("/");
    const RunResult made = hab({"studio", "new"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(hab({"studio", "status", "--format", "json"}).out,
                AllOf(HasSubstr("\"exists\": true"), HasSubstr("\"type\": \"default\"")));
    file("hello", "from the source\n");
    const RunResult seen = inside("cat /src/hello; ls /; ls /hab/pkgs/core; ls /usr/bin; id -u");
    EXPECT_EQ(seen.exit_code, 0) << seen.err;
    EXPECT_THAT(seen.out, AllOf(HasSubstr("from the source\n"), HasSubstr("hab\n"),
                                HasSubstr("bash\ncoreutils\n"), HasSubstr("env\n0\n")));
    EXPECT_THAT(seen.out, AllOf(Not(HasSubstr("python")), Not(HasSubstr("work\n"))));
    const RunResult written = inside("echo x >" + prefix_of("bash") +
                                     "/bin/evil; echo y >/src/made && echo written >/tmp/a");
    EXPECT_THAT(written.err, HasSubstr("Read-only file system"));
    EXPECT_EQ(written.exit_code, 0) << written.err;
    EXPECT_FALSE(fs::exists(prefix_of("bash") + "/bin/evil"));
    EXPECT_EQ(read_file(source() / "made"), "y\n");
    const RunResult accounts =
        inside("cat /etc/passwd /etc/nsswitch.conf /etc/hosts; ls -d /dev/*");
    EXPECT_THAT(accounts.out, AllOf(HasSubstr("hab:x:42:42:"), HasSubstr("hosts: files dns"),
                                    HasSubstr("localhost"), HasSubstr("/dev/null")));
    if (is_directory()) {
        EXPECT_EQ(mounts_below("/"), mounts);
    }
}

TEST_P(StudioInside, ShowsWhatItsDirectoryHoldsNow) {
    for (const char* text : {"first", "second"}) {
        ASSERT_EQ(hab({"studio", "new"}).exit_code, 0);
        write_file_atomic(root() / "opt/note", text);
        own(root() / "opt/note");
        EXPECT_EQ(inside("read -r note </opt/note; echo \"$note\"").out, std::string(text) + "\n");
    }
}

TEST_P(StudioInside, ProgramsRunAsTheyWereAskedTo) {
    EXPECT_EQ(inside("exit 7").exit_code, 7);
    EXPECT_EQ(inside("(kill -TERM $BASHPID)").exit_code, 143);
    file("two  blanks", "found\n");
    const RunResult words = hab({"studio", "run", "cat", "/src/two  blanks"});
    EXPECT_EQ(words.out, "found\n") << words.err;
    EXPECT_EQ(hab({"studio", "run", "cat; echo end"}, {}, "typed\n").out, "typed\nend\n");
    const RunResult both = inside("echo one; echo two >&2");
    EXPECT_EQ(both.out, "one\n");
    EXPECT_THAT(both.err, HasSubstr("two\n"));
    const RunResult env =
        inside("echo \"$TOKEN|$HOST_ONLY|$STUDIO_TYPE|$HOME|$LC_ALL|$PATH\"",
               {{"HAB_STUDIO_SECRET_TOKEN", "two words"}, {"HOST_ONLY", "leaked"}});
    EXPECT_THAT(env.out, HasSubstr("two words||default|/root|POSIX|/hab/bin:/hab/pkgs/core/bash/"));
    const RunResult offline = hab({"studio", "run", "--offline",
                                   "while read -r name rest; do echo $name; done </proc/net/dev"});
    EXPECT_THAT(offline.out, HasSubstr("lo:"));
    const RunResult shown =
        hab({"studio", "run", "-v", "true"}, {{"HAB_STUDIO_SECRET_WORD", "hidden"}});
    EXPECT_THAT(shown.out, AllOf(HasSubstr("Using studio " + GetParam()),
                                 HasSubstr("WORD=[redacted]"), Not(HasSubstr("hidden"))));
    EXPECT_EQ(hab({"studio", "run", "-q", "-v", "true"}).exit_code, 2);
    EXPECT_THAT(hab({"studio", "version"}).out, HasSubstr(GetParam() + " 1."));
}

TEST_P(StudioInside, EnterIsALoginShellWithTheSourcesSettings) {
    file(".studiorc", "export FROM_RC=yes\n");
    const RunResult script = hab({"studio", "enter"}, {}, "pwd; echo rc=$FROM_RC; exit 4\n");
    EXPECT_THAT(script.out, HasSubstr("/src\nrc=yes\n")) << script.err;
    EXPECT_EQ(script.exit_code, 4);
    EXPECT_THAT(hab({"studio", "enter"}, {{"HAB_STUDIO_SECRET_HAB_STUDIO_NOSTUDIORC", "1"}},
                    "echo rc=$FROM_RC\n")
                    .out,
                HasSubstr("rc=\n"));
    EXPECT_EQ(inside("echo rc=$FROM_RC").out, "rc=\n");
    RunOptions typed = options();
    typed.input = "echo answer-$((6*7)); exit 3\n";
    const RunResult terminal = run_on_pty(words({"studio", "enter"}), 80, typed);
    EXPECT_THAT(terminal.out, HasSubstr("answer-42"));
    EXPECT_EQ(terminal.exit_code, 3) << terminal.out;
}

TEST_P(StudioInside, NothingOutlivesItsCommand) {
    const auto mounts = mounts_below("/");
    for (const int signal : {SIGKILL, SIGTERM}) {
        const std::string nap = "sleep 77" + std::to_string(signal);
        Background studio(words({"studio", "run", "echo up >/src/up; " + nap}), options());
        ASSERT_TRUE(eventually([&] { return fs::exists(source() / "up"); })) << studio.output();
        ASSERT_TRUE(eventually([&] { return runs(nap); }));
        studio.signal(signal);
        const auto code = studio.wait();
        ASSERT_TRUE(code.has_value());
        EXPECT_EQ(*code, signal == SIGKILL ? 128 + SIGKILL : 1) << studio.output();
        EXPECT_TRUE(ends(nap)) << "the program inside still runs";
        fs::remove(source() / "up");
    }
    EXPECT_EQ(hab({"studio", "rm"}).exit_code, 0);
    EXPECT_FALSE(fs::exists(root()));
    EXPECT_TRUE(eventually([&] { return mounts_below("/") == mounts; }));
}

INSTANTIATE_TEST_SUITE_P(Backend, StudioInside, ::testing::ValuesIn(backends_under_test()),
                         [](const auto& backend) { return backend.param; });

}  // namespace
}  // namespace hab::test
