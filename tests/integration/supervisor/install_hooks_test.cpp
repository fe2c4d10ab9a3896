// SPDX-License-Identifier: Apache-2.0
// Services whose packages have install hooks, and packages that a supervisor has loaded.
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

using ::testing::HasSubstr;

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";
const std::string tide = "acme/tide/1.0.0/20260101000000";

class InstallHooks : public SupervisorTest {
protected:
    static RunResult hab(std::vector<std::string> words) {
        words.insert(words.begin(), program("bin/hab").string());
        return run(words);
    }
    static fs::path status() { return "/hab/pkgs/" + tide + "/INSTALL_HOOK_STATUS"; }
    /// A service whose install hook fails until /hab/mended is there.
    void package_with_hook() {
        package("tide", {{"hooks/run", forever},
                         {"SVC_USER", "root\n"},
                         {"SVC_GROUP", "root\n"},
                         {"hooks/install", "#!/bin/sh\necho installing\ntest -e /hab/mended\n"}});
    }
};

TEST_F(InstallHooks, ServiceDoesNotStartUntilItsHookHasSucceeded) {
    package_with_hook();
    start();
    const RunResult refused = hab({"svc", "load", "acme/tide"});
    EXPECT_EQ(refused.exit_code, 1) << refused.out;
    EXPECT_THAT(refused.out + refused.err, HasSubstr("ended with exit code 1"));
    EXPECT_EQ(read(status()), "1");
    EXPECT_FALSE(fs::exists("/hab/sup/default/specs/tide.spec"));
    write("/hab/mended", "");
    EXPECT_EQ(hab({"svc", "load", "acme/tide"}).exit_code, 0);
    EXPECT_GT(up("tide"), 0) << log();
    EXPECT_EQ(read(status()), "0");
}

TEST_F(InstallHooks, RunAgainWhenTheSupervisorStarts) {
    package_with_hook();
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\n");
    start();
    ASSERT_TRUE(logged("Running the install hooks that acme/tide waits for")) << log();
    ASSERT_TRUE(logged("Unable to start acme/tide: cannot install " + tide)) << log();
    EXPECT_EQ(read(status()), "1");
    EXPECT_EQ(terminate(), 0);
    write("/hab/mended", "");
    start();
    EXPECT_GT(up("tide"), 0) << log();
    EXPECT_EQ(read(status()), "0");
}

TEST_F(InstallHooks, SeeTheConfigurationAndTheEnvironmentOfTheService) {
    package("tide", {{"default.toml", "word = \"default\"\n"},
                     {"hooks/run", forever},
                     {"SVC_USER", "root\n"},
                     {"SVC_GROUP", "root\n"},
                     {"hooks/install", "#!/bin/sh\nenv >/hab/seen\necho word={{cfg.word}}\n"}});
    write("/hab/user/tide/config/user.toml", "word = \"user\"\n");
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\n");
    start({}, {.env = {{"HAB_TIDE", "word = \"environment\""}, {"HAB_CONFIG_ORDER", "2016"}}});
    EXPECT_TRUE(logged("word=environment")) << log();
    EXPECT_GT(up("tide"), 0) << log();
    const std::string seen = read("/hab/seen");
    EXPECT_THAT(seen, HasSubstr("HAB_LAUNCHER_MARK="));
    EXPECT_EQ(seen.find("HAB_LAUNCHER_FD="), std::string::npos);
    EXPECT_EQ(seen.find("HAB_LAUNCHER_PID="), std::string::npos);
}

TEST_F(InstallHooks, UninstallKeepsWhatIsLoaded) {
    package("tide", {{"hooks/run", forever}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0) << log();
    const RunResult kept = hab({"pkg", "uninstall", "acme/tide"});
    EXPECT_EQ(kept.exit_code, 0) << kept.err;
    EXPECT_THAT(kept.out, HasSubstr("Keeping " + tide + ": the supervisor has loaded it"));
    EXPECT_TRUE(fs::exists("/hab/pkgs/" + tide));
    ASSERT_EQ(hab({"svc", "unload", "acme/tide"}).exit_code, 0);
    EXPECT_EQ(hab({"pkg", "uninstall", "acme/tide"}).exit_code, 0);
    EXPECT_FALSE(fs::exists("/hab/pkgs/" + tide));
}

}  // namespace
}  // namespace hab::test
