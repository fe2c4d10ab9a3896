// SPDX-License-Identifier: Apache-2.0
// Completion in the real shells: through their own machinery, and typed on a terminal.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "base/files.hpp"
#include "base/strings.hpp"
#include "support/pty.hpp"
#include "support/run.hpp"
#include "support/world.hpp"

namespace hab::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Completion : public WorldTest {
protected:
    void SetUp() override {
        WorldTest::SetUp();
        if (IsSkipped()) return;
        for (const std::string ident :
             {"acme/tide/1.0.0/20260101000000", "acme/sand/2/20260101000000"}) {
            const fs::path dir = "/hab/pkgs/" + ident;
            make_directories(dir / "bin");
            write_file_atomic(dir / "IDENT", ident + "\n");
            write_file_atomic(dir / "TARGET", "x86_64-linux\n");
            write_file_atomic(dir / "MANIFEST", "# a package\n");
            write_file_atomic(dir / "PATH", dir.string() + "/bin\n");
            write_file_atomic(dir / "bin/surf", "#!/bin/sh\n", {.mode = 0755});
        }
        make_directories("/hab/sup/default/specs");
        write_file_atomic("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\n");
    }

    static std::string bin() { return program("bin").string(); }
    static RunOptions options() {
        return {.env = {{"PATH", bin() + ":/usr/bin:/bin"}, {"HOME", "/hab"}, {"TERM", "dumb"}}};
    }
    /// What hab answers, one candidate a line, without descriptions.
    static std::string answer(std::vector<std::string> words) {
        words.insert(words.begin(), {program("bin/hab").string(), "cli", "complete", "--"});
        const RunResult result = run(words);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        std::string plain;
        for (const std::string_view line : split(result.out, '\n'))
            plain += std::string(line.substr(0, line.find('\t'))) + " ";
        return std::string(trim(plain));
    }
    /// COMPREPLY of bash for a line that it has taken apart so.
    static std::string in_bash(const std::string& line, const std::vector<std::string>& words) {
        std::string quoted;
        for (const std::string& word : words)
            quoted += shell_quote(word) + " ";
        const std::string script = fmt::format(
            "source <(hab cli completers); COMP_LINE={}; COMP_POINT=${{#COMP_LINE}}; "
            "COMP_WORDS=({}); COMP_CWORD={}; _hab; echo \"${{COMPREPLY[@]}}\"",
            shell_quote(line), quoted, words.size() - 1);
        return std::string(trim(run({"bash", "-c", script}, options()).out));
    }
    static std::string in_fish(const std::string& line) {
        return run({"fish", "--no-config", "-c",
                    "hab cli completers --shell fish | source; complete -C " + shell_quote(line)},
                   options())
            .out;
    }
};

TEST_F(Completion, KnowsWhatThisMachineHas) {
    EXPECT_EQ(answer({"pkg", "path", "ac"}), "acme/sand acme/tide");
    EXPECT_EQ(answer({"pkg", "path", "acme/tide/"}), "acme/tide/1.0.0");
    EXPECT_EQ(answer({"pkg", "path", "acme/tide/1.0.0/"}), "acme/tide/1.0.0/20260101000000");
    EXPECT_EQ(answer({"svc", "stop", ""}), "acme/tide") << "only what is loaded";
    EXPECT_EQ(answer({"why", ""}), "tide");
    EXPECT_EQ(answer({"config", "apply", ""}), "tide.default");
    EXPECT_EQ(answer({"pkg", "exec", "acme/tide", "s"}), "surf");
    EXPECT_EQ(answer({"pkg", "hash", "x"}), ":files");
    EXPECT_EQ(answer({"origin", "key", "export", "--type", ""}), "public secret");
    EXPECT_EQ(answer({"plugin", "list", "--format="}), "--format=json --format=text");
}

TEST_F(Completion, KnowsPluginsAndTheirOptionsWithoutLoadingThem) {
    EXPECT_EQ(answer({"pkg", "export", "ta"}), "tar");
    EXPECT_THAT(answer({"pkg", "export", "tar", "--"}),
                AllOf(HasSubstr("--dry-run"), HasSubstr("--compression")));
    EXPECT_THAT(answer({"plugin", "info", "exp"}), HasSubstr("exporter/tar"));
    EXPECT_EQ(answer({"studio", "new", "--backend", "ch"}), "chroot");
}

TEST_F(Completion, NothingToSayIsNoError) {
    EXPECT_EQ(answer({"nonsense", ""}), "");
    EXPECT_EQ(answer({"svc", "st", ""}), "") << "ambiguous";
    EXPECT_EQ(answer({"pkg", "export", "nonsense", "--"}), "");
    EXPECT_EQ(answer({"\xff\x01"}), "");
    EXPECT_EQ(run({program("bin/hab"), "cli", "complete"}).exit_code, 2);
    const RunResult shell = run({program("bin/hab"), "cli", "completers", "--shell", "tcsh"});
    EXPECT_EQ(shell.exit_code, 2);
    EXPECT_THAT(shell.err, AllOf(HasSubstr("there is no completion script for 'tcsh'"),
                                 HasSubstr("use --shell bash, zsh or fish")));
}

TEST_F(Completion, InBash) {
    EXPECT_EQ(in_bash("hab cli comp", {"hab", "cli", "comp"}), "completers");
    EXPECT_EQ(in_bash("hab cli completers --sh", {"hab", "cli", "completers", "--sh"}), "--shell");
    EXPECT_EQ(in_bash("hab pkg path ac", {"hab", "pkg", "path", "ac"}), "acme/sand acme/tide");
}

TEST_F(Completion, BashTakesWordsApartWhereWeDoNot) {
    EXPECT_EQ(in_bash("hab svc load --channel=un", {"hab", "svc", "load", "--channel", "=", "un"}),
              "unstable");
    EXPECT_EQ(in_bash("hab svc load --bind x:y --ch",
                      {"hab", "svc", "load", "--bind", "x", ":", "y", "--ch"}),
              "--channel");
}

TEST_F(Completion, TypedInBash) {
    HAB_REQUIRE(::access("/usr/share/bash-completion/bash_completion", R_OK) == 0,
                "bash-completion");
    PtyDialog shell({"bash", "--norc", "--noprofile", "-i"}, options());
    shell.type(
        "source /usr/share/bash-completion/bash_completion; "
        "source <(hab cli completers); echo re''ady\n");
    ASSERT_TRUE(shell.wait_for("ready")) << shell.shown();
    shell.type("hab pkg path acme/t\t\n");
    EXPECT_TRUE(shell.wait_for("/hab/pkgs/acme/tide/1.0.0/20260101000000")) << shell.shown();
}

TEST_F(Completion, TypedInZsh) {
    HAB_REQUIRE(::access("/usr/bin/zsh", X_OK) == 0, "zsh");
    PtyDialog shell({"zsh", "-f", "-i"}, options());
    shell.type(
        "autoload -U compinit; compinit -u -D; "
        "source <(hab cli completers --shell zsh); echo re''ady\n");
    ASSERT_TRUE(shell.wait_for("ready")) << shell.shown();
    shell.type("hab pkg path acme/t\t\n");
    EXPECT_TRUE(shell.wait_for("/hab/pkgs/acme/tide/1.0.0/20260101000000")) << shell.shown();
    shell.type("hab cli completers --shell=fi\t| head -1\n");
    EXPECT_TRUE(shell.wait_for("# fish completion for hab")) << shell.shown();
}

TEST_F(Completion, InFish) {
    HAB_REQUIRE(::access("/usr/bin/fish", X_OK) == 0, "fish");
    EXPECT_THAT(in_fish("hab svc st"),
                AllOf(HasSubstr("start\t"), HasSubstr("status\tShow the loaded services"),
                      HasSubstr("stop\t"), Not(HasSubstr("unload"))));
    EXPECT_EQ(in_fish("hab pkg path acme/t"), "acme/tide\n");
    EXPECT_THAT(in_fish("hab pkg export tar --dry"), HasSubstr("--dry-run\t"));
    EXPECT_EQ(in_fish("hab svc load --channel=un"), "--channel=unstable\n");
    EXPECT_THAT(in_fish("hab pkg hash /hab/pk"), HasSubstr("/hab/pkgs/"));
}

}  // namespace
}  // namespace hab::test
