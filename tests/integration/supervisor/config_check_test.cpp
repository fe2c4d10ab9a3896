// SPDX-License-Identifier: Apache-2.0
// The config-check hook sees files before they replace those in use.
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";
const fs::path user_toml = "/hab/user/tide/config/user.toml";

/// Refuses the word bad, hangs at slow.
const std::string checking =
    "#!/bin/sh\nword=$(cat $HAB_CONFIG_CHECK_DIR/sub/tide.conf)\n"
    "case $word in\n"
    "bad) echo first; echo 'the word is bad' >&2; exit 3;;\n"
    "slow) echo hanging; exec {{pkg.path}}/bin/misbehave sleep-forever;;\n"
    "esac\necho agreed to $word\n";

class ConfigCheck : public SupervisorTest {
protected:
    void begin(const std::string& word, const std::string& hook = checking) {
        package("tide", {{"default.toml", "word = \"" + word + "\"\n"},
                         {"config/sub/tide.conf", "{{cfg.word}}"},
                         {"hooks/config-check", hook},
                         {"hooks/run", forever}});
        start({"acme/tide"});
    }
    [[nodiscard]] static bool config_is(const std::string& text) {
        return eventually([&] { return read(svc("tide") / "config/sub/tide.conf") == text; });
    }
};

TEST_F(ConfigCheck, RefusedFilesDoNotReplaceThoseInUse) {
    begin("one");
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    write(user_toml, "word = \"bad\"\n");
    ASSERT_TRUE(logged("the config-check hook exited with code 3: ")) << log();
    EXPECT_TRUE(logged("; the files before stay in use"));
    EXPECT_TRUE(logged("tide.default hook[config-check]:(HK): the word is bad"));
    EXPECT_TRUE(config_is("one"));
    EXPECT_EQ(up("tide"), pid);
    EXPECT_THAT(text("tide", "config_refused"), HasSubstr("the word is bad"));
    write(user_toml, "word = \"two\"\n");
    EXPECT_TRUE(config_is("two")) << log();
    EXPECT_GT(up("tide", pid), 0);
    EXPECT_EQ(text("tide", "config_refused"), "");
}

TEST_F(ConfigCheck, WhatWasInUseIsRightAgainWithoutARestart) {
    begin("one");
    const pid_t pid = up("tide");
    write(user_toml, "word = \"bad\"\n");
    ASSERT_TRUE(eventually([&] { return !text("tide", "config_refused").empty(); })) << log();
    fs::remove(user_toml);
    EXPECT_TRUE(eventually([&] { return text("tide", "config_refused").empty(); })) << log();
    EXPECT_EQ(up("tide"), pid);
}

TEST_F(ConfigCheck, AServiceWaitsForAConfigurationThatIsAgreedTo) {
    begin("bad");
    ASSERT_TRUE(logged("; the service is not started")) << log();
    EXPECT_EQ(text("tide", "phase"), "down");
    EXPECT_THAT(text("tide", "waiting_for"), HasSubstr("The configuration was refused: "));
    EXPECT_FALSE(fs::exists(svc("tide") / "config/sub/tide.conf"));
    write(user_toml, "word = \"good\"\n");
    EXPECT_GT(up("tide"), 0) << log();
    EXPECT_TRUE(config_is("good"));
}

TEST_F(ConfigCheck, ACheckThatHangsHoldsUpNobodyAndIsOvertakenByTheNextChange) {
    begin("one");
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    write(user_toml, "word = \"slow\"\n");
    ASSERT_TRUE(logged("hook[config-check]:(HK): hanging")) << log();
    package("wave", {{"hooks/run", forever}});
    write("/hab/sup/default/specs/wave.spec", "ident = \"acme/wave\"\n");
    EXPECT_GT(up("wave"), 0);
    EXPECT_EQ(up("tide"), pid);
    EXPECT_TRUE(config_is("one"));
    write(user_toml, "word = \"three\"\n");
    EXPECT_TRUE(config_is("three")) << log();
    write(user_toml, "word = \"slow\"\n");
    EXPECT_TRUE(eventually([&] { return count("(HK): hanging") == 2; })) << log();
    EXPECT_EQ(terminate(), 0) << "also in the middle of a check";
}

TEST_F(ConfigCheck, TheHookCanReadTheFilesButNotChangeThem) {
    begin("one",
          "#!/bin/sh\nid -un\ncat $HAB_CONFIG_CHECK_DIR/sub/tide.conf || exit 1\n"
          "echo worse >>$HAB_CONFIG_CHECK_DIR/sub/tide.conf\n"
          "touch $HAB_CONFIG_CHECK_DIR/other $HAB_CONFIG_CHECK_DIR/sub/other\nexit 0\n");
    EXPECT_GT(up("tide"), 0) << log();
    EXPECT_TRUE(logged("(HK): hab")) << log();
    EXPECT_EQ(read(svc("tide") / "config-check/config/sub/tide.conf"), "one");
    EXPECT_FALSE(fs::exists(svc("tide") / "config-check/config/other"));
    EXPECT_FALSE(fs::exists(svc("tide") / "config-check/config/sub/other"));
    EXPECT_TRUE(config_is("one"));
}

}  // namespace
}  // namespace hab::test
