// SPDX-License-Identifier: Apache-2.0
// The black-box cases of upstream's own tests (habitat 2.1, components/sup/tests/integration.rs and
// test/end-to-end/ with a single Supervisor), each with the test of ours that asserts the same.
// Below the list: those that nothing else covers.
#include <fmt/format.h>
#include <signal.h>

#include <chrono>

#include "base/files.hpp"
#include "sup_fixture.hpp"

namespace hab::test {
namespace {

struct Case {
    const char* upstream;
    const char* suite;  ///< of ours
    const char* test;
    const char* file;  ///< below tests/
};

constexpr Case cases[] = {
    // components/sup/tests/integration.rs
    {"templated config file, no reconfigure hook", "ConfigChange",
     "WithoutReconfigureHookTheProcessIsRestarted",
     "integration/supervisor/config_change_test.cpp"},
    {"templated config file, reconfigure hook", "ConfigChange", "ReconfigureKeepsTheProcess",
     "integration/supervisor/config_change_test.cpp"},
    {"templated run, init, post-run hook", "StartHookText", "ANewTextMeansANewProcess",
     "integration/supervisor/upstream_cases_test.cpp"},
    {"templated health-check, file-updated, suitability, post-stop, reconfigure hook",
     "OtherHookText", "ANewTextIsWrittenAndTheProcessStays",
     "integration/supervisor/upstream_cases_test.cpp"},
    {"no change", "ConfigChange", "TheSameValuesChangeNothing",
     "integration/supervisor/config_change_test.cpp"},
    {"backoff for a failing run hook", "Upstream", "TenRestartsAreSeenThroughHttp",
     "integration/supervisor/upstream_cases_test.cpp"},
    {"backoff for a failing init hook", "Failure", "FailingInitBacksOffUntilItsCauseIsGone",
     "integration/supervisor/failure_test.cpp"},
    {"install hook, ok and failing", "InstallHooks", "ServiceDoesNotStartUntilItsHookHasSucceeded",
     "integration/supervisor/install_hooks_test.cpp"},
    {"install hook of a dependency, ok and failing", "Upstream",
     "TheInstallHookOfADependencyComesFirst", "integration/supervisor/upstream_cases_test.cpp"},
    // test/end-to-end
    {"health gateway", "Http", "HealthFollowsTheHook", "integration/gateway/http_test.cpp"},
    {"launcher start failure", "Failure", "WithoutASupervisorProgramTheLauncherGivesUp",
     "integration/supervisor/failure_test.cpp"},
    {"launcher connect failure", "Failure", "ASupervisorThatDiesBeforeItIsReadyIsNotStartedAgain",
     "integration/supervisor/failure_test.cpp"},
    {"service pids from the launcher", "Takeover", "ABogusPidFileMeansNothing",
     "integration/supervisor/takeover_test.cpp"},
    {"simple hooks", "Upstream", "HooksLeaveTheirOutputInFilesAndOnTheConsole",
     "integration/supervisor/upstream_cases_test.cpp"},
    {"socket clean-up", "Upstream", "NoSocketIsLeftAfterAStop",
     "integration/supervisor/upstream_cases_test.cpp"},
    {"load with umask 077", "Lifecycle", "ModesAndOwnersDoNotDependOnTheUmask",
     "integration/supervisor/lifecycle_test.cpp"},
    {"lock file, stale", "Lifecycle", "AStaleLockFileIsTakenOver",
     "integration/supervisor/lifecycle_test.cpp"},
    {"lock file, live", "Lifecycle", "TheSecondSupervisorIsRefused",
     "integration/supervisor/lifecycle_test.cpp"},
    {"restart: hab-sup killed", "Takeover", "AfterKillTheServiceLivesAndIsStillHeard",
     "integration/supervisor/takeover_test.cpp"},
    {"restart: hab sup restart", "ServiceCommands", "SupRestartKeepsServicesRunning",
     "integration/gateway/commands_test.cpp"},
    {"restart: HUP", "Takeover", "HangupRestartsTheSupervisorOnly",
     "integration/supervisor/takeover_test.cpp"},
    {"term", "Lifecycle", "TermStopsEverythingInOrder",
     "integration/supervisor/lifecycle_test.cpp"},
    {"supplementary groups", "Lifecycle", "SupplementaryGroupsReachTheService",
     "integration/supervisor/lifecycle_test.cpp"},
    {"svc update, new process", "Upstream", "AChangeOfTheSpecThatMattersMeansANewProcess",
     "integration/supervisor/upstream_cases_test.cpp"},
    {"svc update, same process", "Lifecycle", "SpecFilesStartStopAndRemoveServices",
     "integration/supervisor/lifecycle_test.cpp"},
    {"TLS control gateway", "Why", "TheControlGatewaySpeaksTls",
     "integration/gateway/why_test.cpp"},
    {"alternate exit codes, 84", "Failure", "ExitCode84OfTheSupervisorIsSuccess",
     "integration/supervisor/failure_test.cpp"},
    {"alternate exit codes, 86", "Failure", "WrongOptionsEndWithOneSentenceAndCode86",
     "integration/supervisor/failure_test.cpp"},
};

// Not yet, with what they wait for:
//   at-once updater: promote, demote with track-channel, keep-latest (the depot)
//   supervisor binds: the producer's exported value in the consumer's configuration (the ring)
//   config files: sup.toml with the gossip address (the ring)

TEST(UpstreamCases, EachHasATestOfOurs) {
    for (const Case& one : cases) {
        const std::string text = read_file(source_dir() / "tests" / one.file);
        const std::string name = fmt::format("({}, {})", one.suite, one.test);
        EXPECT_NE(text.find(name), std::string::npos) << one.upstream << ": " << name;
    }
}

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";
const fs::path user_toml = "/hab/user/tide/config/user.toml";

class Upstream : public SupervisorTest {
protected:
    [[nodiscard]] bool hook_is(const std::string& hook, const std::string& word) {
        return eventually([&] {
            return read(svc("tide") / "hooks" / hook).find("# " + word) != std::string::npos;
        });
    }
};

class HookText : public Upstream, public ::testing::WithParamInterface<const char*> {
protected:
    void begin() {
        Files files{{"default.toml", "word = \"one\"\n"},
                    {"hooks/run", forever},
                    {std::string("hooks/") + GetParam(), "#!/bin/sh\n# {{cfg.word}}\nexit 0\n"}};
        if (std::string_view(GetParam()) == "run") {
            files["hooks/run"] =
                "#!/bin/sh\n# {{cfg.word}}\nexec {{pkg.path}}/bin/misbehave "
                "sleep-forever\n";
        }
        package("tide", files);
        start({"acme/tide"});
        pid_ = up("tide");
        ASSERT_GT(pid_, 0);
        write(user_toml, "word = \"two\"\n");
        ASSERT_TRUE(hook_is(GetParam(), "two")) << log();
    }
    pid_t pid_ = 0;
};

const auto hook_name = [](const auto& hook) {
    std::string name = hook.param;
    for (char& c : name)
        c = c == '-' ? '_' : c;
    return name;
};

class StartHookText : public HookText {};

TEST_P(StartHookText, ANewTextMeansANewProcess) {
    begin();
    EXPECT_GT(up("tide", pid_), 0) << log();
}

INSTANTIATE_TEST_SUITE_P(Hooks, StartHookText, ::testing::Values("init", "run", "post-run"),
                         hook_name);

class OtherHookText : public HookText {};

TEST_P(OtherHookText, ANewTextIsWrittenAndTheProcessStays) {
    begin();
    // A second change, so that what the first one led to would be seen by now.
    write(user_toml, "word = \"three\"\n");
    ASSERT_TRUE(hook_is(GetParam(), "three")) << log();
    EXPECT_EQ(up("tide"), pid_);
    EXPECT_EQ(count("will restart"), 0u) << log();
}

INSTANTIATE_TEST_SUITE_P(Hooks, OtherHookText,
                         ::testing::Values("health-check", "file-updated", "suitability",
                                           "post-stop", "reconfigure"),
                         hook_name);

TEST_F(Upstream, TenRestartsAreSeenThroughHttp) {
    package("tide", {{"default.toml", "code = 1\n"},
                     {"hooks/run",
                      "#!/bin/sh\n[ {{cfg.code}} = 0 ] && exec {{pkg.path}}/bin/misbehave "
                      "sleep-forever\nexit {{cfg.code}}\n"}});
    start({"acme/tide", "--service-min-backoff-period", "1", "--service-max-backoff-period", "2"});
    using Clock = std::chrono::steady_clock;
    const auto restarts = [&] { return number("tide", "restart_count").value_or(0); };
    ASSERT_TRUE(eventually([&] { return restarts() >= 1; })) << log();
    const auto seen = restarts();
    const auto from = Clock::now();
    ASSERT_TRUE(eventually([&] { return restarts() >= seen + 10; })) << log();
    // Ten waits of 1 to 2 s; the first may have been under way.
    EXPECT_GE(Clock::now() - from, std::chrono::seconds(9));
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\ndesired_state = \"down\"\n");
    EXPECT_TRUE(eventually([&] { return text("tide", "desired_state") == "Down"; })) << log();
    EXPECT_EQ(text("tide", "process.state"), "down");
    write(user_toml, "code = 0\n");
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\ndesired_state = \"up\"\n");
    EXPECT_GT(up("tide"), 0);
}

TEST_F(Upstream, TheInstallHookOfADependencyComesFirst) {
    const std::string below = "acme/below/1.0.0/20260101000000";
    package("below", {{"SVC_USER", "root\n"},
                      {"SVC_GROUP", "root\n"},
                      {"hooks/install", "#!/bin/sh\ntest -e /hab/mended\n"}});
    package("tide", {{"hooks/run", forever}, {"DEPS", below + "\n"}, {"TDEPS", below + "\n"}});
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\n");
    start();
    ASSERT_TRUE(logged("Unable to start acme/tide")) << log();
    EXPECT_EQ(read("/hab/pkgs/" + below + "/INSTALL_HOOK_STATUS"), "1");
    write("/hab/mended", "");
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\ngroup = \"again\"\n");
    EXPECT_TRUE(eventually([&] { return get("/services/tide/again").status == 200; })) << log();
    EXPECT_TRUE(logged("tide.again(O): running")) << log();
    EXPECT_EQ(read("/hab/pkgs/" + below + "/INSTALL_HOOK_STATUS"), "0");
}

TEST_F(Upstream, HooksLeaveTheirOutputInFilesAndOnTheConsole) {
    Files files{{"hooks/run", forever}};
    for (const char* hook : {"init", "post-run", "post-stop"})
        files[std::string("hooks/") + hook] = fmt::format("#!/bin/sh\necho the {} hook\n", hook);
    package("tide", files);
    start({"acme/tide"});
    ASSERT_TRUE(logged("tide.default hook[post-run]:(HK): the post-run hook")) << log();
    EXPECT_TRUE(logged("tide.default hook[init]:(HK): the init hook"));
    EXPECT_TRUE(logged("tide.default(O): running"));
    EXPECT_EQ(terminate(), 0);
    for (const std::string hook : {"init", "post-run", "post-stop"}) {
        EXPECT_EQ(read(svc("tide") / "logs" / (hook + ".stdout.log")), "the " + hook + " hook\n");
        EXPECT_EQ(read(svc("tide") / "logs" / (hook + ".stderr.log")), "");
    }
}

TEST_F(Upstream, NoSocketIsLeftAfterAStop) {
    package("tide", {{"hooks/run", forever}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    EXPECT_EQ(terminate(), 0);
    EXPECT_EQ(run({"find", "/hab", "-type", "s", "-o", "-type", "p"}).out, "");
}

TEST_F(Upstream, AChangeOfTheSpecThatMattersMeansANewProcess) {
    package("tide", {{"hooks/run", forever}, {"BINDS_OPTIONAL", "database=port\n"}});
    const fs::path spec = "/hab/sup/default/specs/tide.spec";
    write(spec, "ident = \"acme/tide\"\n");
    start();
    const pid_t first = up("tide");
    ASSERT_GT(first, 0);
    write(spec,
          "ident = \"acme/tide\"\nbinds = [\"database:db.default\"]\n"
          "binding_mode = \"relaxed\"\n");
    EXPECT_GT(up("tide", first), 0) << log();
}

}  // namespace
}  // namespace hab::test
