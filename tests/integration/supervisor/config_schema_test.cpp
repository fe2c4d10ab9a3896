// SPDX-License-Identifier: Apache-2.0
// A configuration that breaks the package's schema never reaches a template.
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";
const fs::path user_toml = "/hab/user/tide/config/user.toml";

class ConfigSchema : public SupervisorTest {
protected:
    void install() {
        package("tide", {{"default.toml", "word = \"one\"\n[server]\nport = 80\n"},
                         {"config.schema.toml",
                          "[word]\ntype = \"string\"\n[server.port]\ntype = \"integer\"\n"
                          "max = 65535\n[token]\ntype = \"string\"\nsecret = true\n"
                          "pattern = \"[a-z]+\"\n"},
                         {"config/tide.conf", "{{cfg.word}} {{cfg.server.port}}\n"},
                         {"config/other.conf", "{{cfg.token}}\n"},
                         {"hooks/reconfigure", "#!/bin/sh\nexit 0\n"},
                         {"hooks/run", forever}});
    }
    std::string conf() { return read(svc("tide") / "config/tide.conf"); }
};

TEST_F(ConfigSchema, AWrongValueKeepsTheServiceFromStartingUntilItIsMended) {
    install();
    write(user_toml, "[server]\nport = 70000\n");
    start({"acme/tide"});
    const std::string sentence =
        "user.toml:2: server.port = 70000 is refused: it must be at most "
        "65535";
    ASSERT_TRUE(logged(sentence)) << log();
    EXPECT_THAT(text("tide", "failure"), HasSubstr(sentence));
    EXPECT_TRUE(fs::exists("/hab/sup/default/specs/tide.spec"));
    EXPECT_FALSE(fs::exists(svc("tide") / "config/tide.conf"));
    write(user_toml, "[server]\nport = 7000\n");
    EXPECT_GT(up("tide"), 0) << log();
    EXPECT_EQ(conf(), "one 7000\n");
}

TEST_F(ConfigSchema, AWrongChangeIsRefusedAndTheProcessLeftAlone) {
    install();
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    write(user_toml, "word = \"two\"\n[server]\nport = \"x\"\n");
    ASSERT_TRUE(
        logged("user.toml:3: server.port = \"x\" is refused: it must be an integer; the "
               "configuration before it stays in use"))
        << log();
    EXPECT_EQ(conf(), "one 80\n");
    write(user_toml, "wrod = \"two\"\n[server]\nport = 81\n");
    EXPECT_TRUE(logged("nothing knows the key 'wrod'; did you mean 'word'?")) << log();
    EXPECT_TRUE(eventually([&] { return conf() == "one 81\n"; }));
    EXPECT_EQ(up("tide"), pid);
}

TEST_F(ConfigSchema, SecretsAreInTheFileAndNowhereElse) {
    install();
    write(user_toml, "token = \"hunter\"\n");
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    EXPECT_EQ(read(svc("tide") / "config/other.conf"), "hunter\n");
    EXPECT_EQ(text("tide", "cfg.token"), "(secret)");
    EXPECT_THAT(get("/services").body, Not(HasSubstr("hunter")));
    EXPECT_THAT(get("/services/tide/default/config").body, Not(HasSubstr("hunter")));
    write(user_toml, "token = \"HUNTER\"\n");
    ASSERT_TRUE(logged("token = (secret) is refused")) << log();
    EXPECT_THAT(log(), Not(HasSubstr("HUNTER")));
}

TEST_F(ConfigSchema, OnlyWhatReadsTheChangeIsRendered) {
    install();
    start({"acme/tide"}, {.env = {{"HAB_LOG", "debug"}}});
    ASSERT_GT(up("tide"), 0);
    write(user_toml, "word = \"two\"\n");
    EXPECT_TRUE(
        logged("tide: changed: cfg.word; rendered: config/tide.conf; skipped: "
               "config/other.conf hooks/run hooks/reconfigure; written: config/tide.conf"))
        << log();
    write(user_toml, "word = \"two\"\ntoken = \"abc\"\n");
    EXPECT_TRUE(logged("tide: changed: cfg.token; rendered: config/other.conf;")) << log();
}

TEST_F(ConfigSchema, AFailingTemplateLeavesEveryFileInUse) {
    package("tide", {{"default.toml", "word = \"one\"\nshout = \"a\"\n"},
                     {"config/a.conf", "{{cfg.word}}\n"},
                     {"config/b.conf", "{{toUppercase cfg.shout}}\n"},
                     {"hooks/reconfigure", "#!/bin/sh\nexit 0\n"},
                     {"hooks/run", forever}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    write(user_toml, "word = \"two\"\nshout = 5\n");
    ASSERT_TRUE(logged("config/b.conf:1:3: ")) << log();
    EXPECT_TRUE(logged("the files rendered before stay in use")) << log();
    EXPECT_EQ(read(svc("tide") / "config/a.conf"), "one\n");
    write(user_toml, "word = \"two\"\nshout = \"b\"\n");
    EXPECT_TRUE(eventually([&] { return read(svc("tide") / "config/b.conf") == "B\n"; }));
    EXPECT_EQ(read(svc("tide") / "config/a.conf"), "two\n");
    EXPECT_EQ(up("tide"), pid);
}

}  // namespace
}  // namespace hab::test
