// SPDX-License-Identifier: Apache-2.0
// What an operator gives to a service group: from the command to the files of the service.
#include <fmt/format.h>

#include "integration/gateway/gateway_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";

class GroupCommands : public GatewayTest {
protected:
    void install_tide() {
        package("tide", {{"default.toml", "word = \"one\"\n[server]\nport = 80\n"},
                         {"config.schema.toml",
                          "[word]\ntype = \"string\"\n[server.port]\ntype = \"integer\"\n"
                          "max = 65535\n"},
                         {"config/tide.conf", "{{cfg.word}} {{cfg.server.port}}\n"},
                         {"hooks/reconfigure", "#!/bin/sh\nexit 0\n"},
                         {"hooks/file-updated", "#!/bin/sh\necho updated\n"},
                         {"hooks/run", forever}});
    }
    static RunResult apply(const std::string& group, const std::string& version,
                           const std::string& toml, std::vector<std::string> more = {}) {
        RunOptions options;
        options.input = toml;
        std::vector<std::string> words{"config", "apply", group, version};
        words.insert(words.end(), more.begin(), more.end());
        return hab(words, options);
    }
    static bool conf_becomes(const std::string& text) {
        return eventually([&] { return read(svc("tide") / "config/tide.conf") == text; });
    }
};

TEST_F(GroupCommands, AnAppliedConfigurationReachesTheFilesOfTheService) {
    install_tide();
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0) << log();
    write("/tmp/tide.toml", "[server]\nport = 81\n");
    const auto applied = hab({"config", "apply", "tide.default", "3", "/tmp/tide.toml"});
    ASSERT_EQ(applied.exit_code, 0) << applied.err << log();
    EXPECT_THAT(applied.out, HasSubstr("Setting new configuration version 3 for tide.default"));
    EXPECT_THAT(applied.out, HasSubstr("Applied configuration"));
    ASSERT_TRUE(conf_becomes("one 81\n")) << log();
    EXPECT_EQ(up("tide"), pid) << "it has a reconfigure hook";
    const auto shown = hab({"config", "show", "tide", "--origin"});
    EXPECT_THAT(shown.out, testing::ContainsRegex("server.port +81 +ring version 3:2"));

    // Another takes the place of the whole layer.
    ASSERT_EQ(apply("tide.default", "4", "word = \"two\"\n", {"-"}).exit_code, 0);
    EXPECT_TRUE(conf_becomes("two 80\n")) << log();
    // The word of 2016.
    RunOptions options;
    options.input = "word = \"three\"\n";
    ASSERT_EQ(hab({"apply", "tide.default", "5"}, options).exit_code, 0);
    EXPECT_TRUE(conf_becomes("three 80\n")) << log();
}

TEST_F(GroupCommands, AVersionThatIsNotAboveTheOneInForceIsRefused) {
    install_tide();
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    ASSERT_EQ(apply("tide.default", "7", "word = \"seven\"\n").exit_code, 0) << log();
    ASSERT_TRUE(conf_becomes("seven 80\n")) << log();
    for (const char* version : {"7", "6", "0"}) {
        const auto refused = apply("tide.default", version, "word = \"late\"\n");
        EXPECT_EQ(refused.exit_code, 1) << version;
        EXPECT_THAT(refused.err, HasSubstr("7")) << refused.err;
        EXPECT_THAT(refused.out, Not(HasSubstr("Applied")));
    }
    EXPECT_EQ(read(svc("tide") / "config/tide.conf"), "seven 80\n");
}

TEST_F(GroupCommands, AConfigurationMayComeBeforeTheService) {
    install_tide();
    start();
    ASSERT_EQ(apply("tide.default", "1", "word = \"early\"\n").exit_code, 0) << log();
    ASSERT_EQ(hab({"svc", "load", "acme/tide"}).exit_code, 0) << log();
    EXPECT_TRUE(conf_becomes("early 80\n")) << log();
}

TEST_F(GroupCommands, WhatTheServiceWouldRefuseIsRefusedAtOnce) {
    install_tide();
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    const auto schema = apply("tide.default", "1", "[server]\nport = 70000\n");
    EXPECT_EQ(schema.exit_code, 1);
    EXPECT_THAT(schema.err, HasSubstr("server.port = 70000 is refused: it must be at most 65535"));
    const auto broken = apply("tide.default", "1", "word = \n");
    EXPECT_EQ(broken.exit_code, 1);
    EXPECT_THAT(broken.err, HasSubstr("the configuration:1"));
    EXPECT_EQ(apply("tide", "1", "").exit_code, 2) << "no group";
    EXPECT_EQ(apply("tide.default", "one", "").exit_code, 2);
    EXPECT_EQ(apply("tide.default", "18446744073709551616", "").exit_code, 2);
    const auto large = apply("tide.default", "1", "# " + std::string(70'000, 'x') + "\n");
    EXPECT_EQ(large.exit_code, 1);
    EXPECT_THAT(large.err, HasSubstr("a service group takes at most 65536"));
    EXPECT_EQ(hab({"config", "apply", "tide.default", "1", "/none"}).exit_code, 1);
    // Nothing of all that counts: the version is still free.
    ASSERT_EQ(apply("tide.default", "1", "word = \"good\"\n").exit_code, 0) << log();
    EXPECT_TRUE(conf_becomes("good 80\n")) << log();
    EXPECT_EQ(up("tide"), pid);
}

TEST_F(GroupCommands, FilesReachTheServiceAndItsHook) {
    install_tide();
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    const std::string body = std::string("\0\xff\r\n", 4) + std::string(1000, 'b');
    write("/tmp/table.bin", body);
    const auto uploaded = hab({"file", "upload", "tide.default", "1", "/tmp/table.bin"});
    ASSERT_EQ(uploaded.exit_code, 0) << uploaded.err << log();
    const fs::path file = svc("tide") / "files/table.bin";
    ASSERT_TRUE(eventually([&] { return fs::exists(file) && read(file) == body; })) << log();
    EXPECT_TRUE(logged("hook[file-updated]:(HK): updated")) << log();
    write("/tmp/table.bin", "new");
    EXPECT_EQ(hab({"file", "upload", "tide.default", "1", "/tmp/table.bin"}).exit_code, 1);
    // 2016 had the file first.
    ASSERT_EQ(hab({"file", "upload", "tide.default", "/tmp/table.bin", "2"}).exit_code, 0);
    EXPECT_TRUE(eventually([&] { return read(file) == "new"; })) << log();
    EXPECT_EQ(hab({"file", "upload", "tide.default", "3", "/tmp/none"}).exit_code, 1);
    EXPECT_EQ(hab({"file", "upload", "tide.default", "3", "/tmp/"}).exit_code, 1);
}

TEST_F(GroupCommands, WhatAUserEncryptsOnlyTheGroupReads) {
    install_tide();
    ASSERT_EQ(hab({"user", "key", "generate", "bob"}).exit_code, 0);
    ASSERT_EQ(hab({"svc", "key", "generate", "tide.default", "acme"}).exit_code, 0);
    start({"acme/tide", "--group", "default@acme"});
    ASSERT_TRUE(conf_becomes("one 80\n")) << log();
    const auto applied = apply("tide.default@acme", "1", "word = \"secret\"\n", {"--user", "bob"});
    ASSERT_EQ(applied.exit_code, 0) << applied.err << log();
    EXPECT_TRUE(conf_becomes("secret 80\n")) << log();
    EXPECT_THAT(get("/butterfly").body, Not(HasSubstr("secret\\\"")));
    write("/tmp/token", "hush");
    ASSERT_EQ(
        hab({"file", "upload", "tide.default", "1", "/tmp/token", "-u", "bob", "--org", "acme"})
            .exit_code,
        0)
        << log();
    EXPECT_TRUE(eventually([&] {
        return fs::exists(svc("tide") / "files/token") &&
               read(svc("tide") / "files/token") == "hush";
    })) << log();

    const auto nobody = apply("tide.default@acme", "2", "", {"--user", "eve"});
    EXPECT_EQ(nobody.exit_code, 1);
    EXPECT_THAT(nobody.err, HasSubstr("there is no secret key of the user 'eve'"));
    const auto no_key = apply("ebb.default@acme", "2", "", {"--user", "bob"});
    EXPECT_THAT(no_key.err, HasSubstr("no public key of the service group 'ebb.default@acme'"));
    EXPECT_EQ(apply("tide.default", "2", "", {"--user", "bob"}).exit_code, 2)
        << "keys belong to groups of an organisation";
}

TEST_F(GroupCommands, AMemberThatIsSentAwayStopsForGood) {
    install_tide();
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    const auto unknown = hab({"sup", "depart", std::string(32, 'a')});
    EXPECT_EQ(unknown.exit_code, 1) << unknown.out;
    EXPECT_EQ(hab({"sup", "depart", "me"}).exit_code, 1);
    EXPECT_GT(up("tide"), 0);
    const std::string id = read("/hab/sup/default/MEMBER_ID");
    const auto departed = hab({"sup", "depart", id});
    EXPECT_EQ(departed.exit_code, 0) << departed.err;
    EXPECT_THAT(departed.out, HasSubstr("Departure recorded"));
    EXPECT_EQ(sup_->wait(), 86) << log();
    EXPECT_FALSE(any_alive("misbehave"));
}

}  // namespace
}  // namespace hab::test
