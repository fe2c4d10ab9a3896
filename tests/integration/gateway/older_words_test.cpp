// SPDX-License-Identifier: Apache-2.0
// Commands under the names that they had in older versions, and what people see on a terminal.
#include "integration/gateway/gateway_fixture.hpp"
#include "support/pty.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class OlderWords : public GatewayTest {
protected:
    /// `hab …` on a terminal of so many columns.
    static std::string on_terminal(unsigned columns, std::vector<std::string> words) {
        words.insert(words.begin(), program("bin/hab").string());
        return run_on_pty(words, columns).out;
    }
    static std::size_t longest_line(const std::string& text) {
        std::size_t longest = 0;
        std::size_t length = 0;
        for (const char c : text) {
            if (c == '\n' || c == '\r') {
                length = 0;
            } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
                longest = std::max(longest, ++length);
            }
        }
        return longest;
    }
};

TEST_F(OlderWords, MeanTheSameCommands) {
    long_running("tide");
    start();
    ASSERT_EQ(hab({"sup", "load", "acme/tide"}).exit_code, 0) << log();
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0) << log();
    EXPECT_EQ(hab({"sup", "status"}).out, hab({"svc", "status"}).out);
    EXPECT_EQ(hab({"cfg", "show", "tide"}).out, hab({"config", "show", "tide"}).out);
    EXPECT_EQ(hab({"sup", "config", "acme/tide"}).out, "port = 80\n");
    ASSERT_EQ(hab({"stop", "acme/tide"}).exit_code, 0);
    EXPECT_FALSE(alive(pid));
    ASSERT_EQ(hab({"svc", "start", "acme/tide"}).exit_code, 0);
    ASSERT_GT(up("tide", pid), 0);
    ASSERT_EQ(hab({"sup", "unload", "acme/tide"}).exit_code, 0);
    EXPECT_EQ(hab({"term"}).exit_code, 0);
    EXPECT_FALSE(any_alive("hab-sup"));

    const auto wrong = hab({"stop", "--loudly"});
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("'hab svc stop' has no option '--loudly'"));
    EXPECT_EQ(hab({"install"}).exit_code, 2);
    EXPECT_THAT(hab({"stop", "--help"}).out, HasSubstr("Also: hab stop, hab sup stop\n"));
}

TEST_F(OlderWords, ShellsHaveTheEnvironmentOfHooks) {
    package("tide", {{"RUNTIME_ENVIRONMENT", "TIDE_LEVEL=high\n"},
                     {"RUNTIME_PATH", "/hab/pkgs/acme/tide/1.0.0/20260101000000/bin\n"}});
    const auto sh = hab({"sup", "sh", "acme/tide", "-c", "echo $TIDE_LEVEL; command -v misbehave"});
    EXPECT_EQ(sh.exit_code, 0) << sh.err;
    EXPECT_EQ(sh.out, "high\n/hab/pkgs/acme/tide/1.0.0/20260101000000/bin/misbehave\n");
    EXPECT_EQ(hab({"sup", "bash", "acme/tide", "-c", "echo $BASH_VERSION; exit 3"}).exit_code, 3);
    RunOptions options;
    options.input = "echo $0 $TIDE_LEVEL.\n";
    EXPECT_EQ(hab({"sup", "sh"}, options).out, "sh .\n");

    const auto unknown = hab({"sup", "sh", "acme/ebb"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("acme/ebb"));
    EXPECT_EQ(hab({"sup", "sh", "no ident"}).exit_code, 2);
    options = {};
    options.env = {{"PATH", "/nowhere"}};
    const auto none = hab({"sup", "bash"}, options);
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.err, HasSubstr("cannot start a shell: there is no 'bash' in PATH"));
}

TEST_F(OlderWords, TablesFitTheTerminalAndKeepWhatNamesTheirRows) {
    long_running("tide");
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0) << log();
    const std::string wide = on_terminal(120, {"svc", "status"});
    EXPECT_THAT(wide, HasSubstr("standalone"));
    const std::string usual = on_terminal(80, {"svc", "status"});
    EXPECT_LE(longest_line(usual), 80u) << usual;
    EXPECT_THAT(usual, HasSubstr("acme/tide/1.0.0/20260101000000"));
    EXPECT_THAT(usual, HasSubstr("tide.default"));
    const std::string narrow = on_terminal(40, {"svc", "status"});
    EXPECT_THAT(narrow, HasSubstr("acme/tide/1.0.0/20260101000000"));
    EXPECT_THAT(narrow, HasSubstr("tide.default"));
    EXPECT_THAT(narrow, Not(HasSubstr("standalone")));

    write("/hab/user/tide/config/user.toml", "motto = \"" + std::string(200, 'm') + "\"\n");
    ASSERT_TRUE(eventually([&] {
        return hab({"config", "show", "tide", "--origin"}).out.find(std::string(200, 'm')) !=
               std::string::npos;
    }));
    const std::string origins = on_terminal(80, {"config", "show", "tide", "--origin"});
    EXPECT_LE(longest_line(origins), 80u) << origins;
    EXPECT_THAT(origins, HasSubstr("m…"));
    EXPECT_THAT(origins, HasSubstr("user.toml:1"));
    EXPECT_LE(longest_line(on_terminal(80, {"--help"})), 80u);
    EXPECT_LE(longest_line(on_terminal(80, {"svc", "--help"})), 80u);
}

}  // namespace
}  // namespace hab::test
