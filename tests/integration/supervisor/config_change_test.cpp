// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include "sup_fixture.hpp"

namespace hab::test {
namespace {

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";
const fs::path user_toml = "/hab/user/tide/config/user.toml";

class ConfigChange : public SupervisorTest {
protected:
    void begin(const Files& more, const std::vector<std::string>& arguments = {}) {
        Files files{{"default.toml", "word = \"one\"\n[server]\nport = 80\n"},
                    {"config/tide.conf", "{{cfg.word}} {{cfg.server.port}}\n"},
                    {"hooks/run", forever}};
        for (const auto& [path, text] : more)
            files[path] = text;
        package("tide", files);
        auto all = arguments;
        all.emplace_back("acme/tide");
        start(all);
        pid_ = up("tide");
        ASSERT_GT(pid_, 0);
    }
    [[nodiscard]] bool config_is(const std::string& text) {
        return eventually([&] { return read(svc("tide") / "config/tide.conf") == text; });
    }
    pid_t pid_ = 0;
};

TEST_F(ConfigChange, ReconfigureKeepsTheProcess) {
    begin(
        {{"hooks/reconfigure", "#!/bin/sh\necho saw $(cat {{pkg.svc_config_path}}/tide.conf)\n"}});
    write(user_toml, "word = \"two\"\n");
    EXPECT_TRUE(logged("tide.default hook[reconfigure]:(HK): saw two 80")) << log();
    EXPECT_EQ(up("tide"), pid_);
    EXPECT_EQ(text("tide", "cfg.word"), "two");
}

TEST_F(ConfigChange, WithoutReconfigureHookTheProcessIsRestarted) {
    begin({});
    write(user_toml, "word = \"two\"\n");
    EXPECT_GT(up("tide", pid_), 0);
    EXPECT_TRUE(config_is("two 80\n"));
    EXPECT_TRUE(logged("will restart immediately: its configuration changed")) << log();
}

TEST_F(ConfigChange, AChangedRunHookRestartsInSpiteOfReconfigure) {
    begin({{"hooks/run",
            "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say {{cfg.word}} sleep-forever\n"},
           {"hooks/reconfigure", "#!/bin/sh\nexit 0\n"}});
    ASSERT_TRUE(logged("tide.default(O): one"));
    write(user_toml, "word = \"two\"\n");
    EXPECT_GT(up("tide", pid_), 0);
    EXPECT_TRUE(logged("tide.default(O): two")) << log();
}

TEST_F(ConfigChange, AHealthCheckTextIsOnlyRewritten) {
    begin({{"hooks/health-check", "#!/bin/sh\n# {{cfg.word}}\nexit 0\n"},
           {"config/tide.conf", "fixed\n"}});
    write(user_toml, "word = \"two\"\n");
    EXPECT_TRUE(eventually(
        [&] { return read(svc("tide") / "hooks/health-check").find("two") != std::string::npos; }));
    EXPECT_EQ(up("tide"), pid_);
}

TEST_F(ConfigChange, TheSameValuesChangeNothing) {
    begin({});
    write(user_toml, "word = \"one\"\n");
    write(user_toml, "# another comment\nword = \"one\"\n");
    write(user_toml, "word = \"last\"\n");
    ASSERT_TRUE(config_is("last 80\n"));
    ASSERT_TRUE(logged("Modified configuration file")) << log();
    EXPECT_EQ(count("Modified configuration file"), 1u) << log();
}

TEST_F(ConfigChange, BrokenTomlIsToldWithItsPlaceAndTheOldConfigurationStays) {
    begin({});
    write(user_toml, "word = \"two\"\nbroken = = 3\n");
    ASSERT_TRUE(logged("user.toml:2:")) << log();
    EXPECT_EQ(read(svc("tide") / "config/tide.conf"), "one 80\n");
    EXPECT_EQ(up("tide"), pid_);
    write(user_toml, "word = \"three\"\n");
    EXPECT_TRUE(config_is("three 80\n"));
}

TEST_F(ConfigChange, RemovingUserTomlBringsTheDefaultBack) {
    begin({});
    write(user_toml, "word = \"two\"\n");
    ASSERT_TRUE(config_is("two 80\n"));
    fs::remove(user_toml);
    EXPECT_TRUE(config_is("one 80\n"));
}

TEST_F(ConfigChange, ADirectoryThatWasRemovedOrMovedAwayIsWatchedAgain) {
    begin({});
    write(user_toml, "word = \"two\"\n");
    ASSERT_TRUE(config_is("two 80\n"));
    fs::remove_all(user_toml.parent_path());
    ASSERT_TRUE(config_is("one 80\n"));
    write(user_toml, "word = \"three\"\n");
    ASSERT_TRUE(config_is("three 80\n")) << log();
    fs::rename(user_toml.parent_path(), "/hab/user/tide/old");
    ASSERT_TRUE(config_is("one 80\n"));
    write(user_toml, "word = \"four\"\n");
    EXPECT_TRUE(config_is("four 80\n")) << log();
}

TEST_F(ConfigChange, ALinkBelowConfigIsNotFollowed) {
    begin({{"config/sub/a.conf", "{{cfg.word}}\n"}});
    fs::remove_all(svc("tide") / "config/sub");
    fs::create_directories("/hab/elsewhere");
    fs::create_directory_symlink("/hab/elsewhere", svc("tide") / "config/sub");
    write(user_toml, "word = \"two\"\n");
    EXPECT_TRUE(logged("it is a symbolic link")) << log();
    EXPECT_TRUE(fs::is_empty("/hab/elsewhere"));
}

TEST_F(ConfigChange, TheEnvironmentIsBetweenDefaultAndUser) {
    package("tide", {{"default.toml", "a = \"default\"\nb = \"default\"\nc = \"default\"\n"},
                     {"config/tide.conf", "{{cfg.a}} {{cfg.b}} {{cfg.c}}\n"},
                     {"hooks/run", forever}});
    write(user_toml, "c = \"user\"\n");
    start({"acme/tide"}, {.env = {{"HAB_TIDE", R"({"b": "environment", "c": "environment"})"}}});
    ASSERT_GT(up("tide"), 0);
    EXPECT_EQ(read(svc("tide") / "config/tide.conf"), "default environment user\n");
}

TEST_F(ConfigChange, ThePackageChoosesItsTemplateEngine) {
    package("tide", {{"default.toml", "words = [\"a\", \"b\"]\n"},
                     {"config/tide.conf", "{{#cfg.words}}<{{.}}>{{/cfg.words}}\n"},
                     {"hooks/run", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave sleep-forever\n"},
                     {"TEMPLATE_ENGINE", "mustache\n"}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    EXPECT_EQ(read(svc("tide") / "config/tide.conf"), "<a><b>\n");
}

TEST_F(ConfigChange, AStrictPackageKeepsItsFilesWhenAValueIsMissing) {
    package("tide",
            {{"default.toml", "mode = \"plain\"\n"},
             {"config/tide.conf", "{{#if cfg.tls}}{{cfg.tls.cert}}{{else}}{{cfg.mode}}{{/if}}\n"},
             {"hooks/run", forever},
             {"TEMPLATE_MODE", "modern\n"},
             {"TEMPLATE_STRICT", "true\n"}});
    start({"acme/tide"});
    const int before = up("tide");
    ASSERT_GT(before, 0);
    const auto file = svc("tide") / "config/tide.conf";
    EXPECT_EQ(read(file), "plain\n");
    write(user_toml, "tls.key = \"k\"\n");
    EXPECT_TRUE(logged("tide.conf:1:18: there is no value 'cfg.tls.cert'")) << log();
    EXPECT_EQ(read(file), "plain\n");
    write(user_toml, "tls.cert = \"c\"\n");
    EXPECT_TRUE(eventually([&] { return read(file) == "c\n"; })) << log();
}

TEST_F(ConfigChange, HealthFollowsTheHook) {
    begin({{"hooks/health-check", "#!/bin/sh\necho checked\nexit {{cfg.server.port}}\n"},
           {"hooks/reconfigure", "#!/bin/sh\nexit 0\n"},
           {"default.toml", "word = \"one\"\n[server]\nport = 0\n"}},
          {"--health-check-interval", "1"});
    ASSERT_TRUE(eventually([&] { return get("/services/tide/default/health").status == 200; }));
    write(user_toml, "[server]\nport = 2\n");
    ASSERT_TRUE(eventually([&] { return get("/services/tide/default/health").status == 503; }))
        << log();
    EXPECT_NE(get("/services/tide/default/health").body.find("\"CRITICAL\""), std::string::npos);
}

}  // namespace
}  // namespace hab::test
