// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include "sup_fixture.hpp"

namespace hab::test {
namespace {

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";

class Failure : public SupervisorTest {
protected:
    static RunResult run_for(const std::string& ident) {
        return run({program("libexec/hab/hab-launch").string(), "run", "--listen-http",
                    "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0", ident});
    }
};

TEST_F(Failure, AKilledProcessIsRestartedAndItsChildrenDoNotSurvive) {
    // As nginx: the workers hold the port, so that a new master could not start beside them.
    package("tide",
            {{"hooks/run",
              "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave orphan say running sleep-forever\n"},
             {"hooks/init", "#!/bin/sh\necho init again\n"}});
    start({"acme/tide"});
    const pid_t first = up("tide");
    ASSERT_GT(first, 0);
    ASSERT_TRUE(logged("tide.default(O): running"));
    ASSERT_EQ(::kill(first, SIGKILL), 0);
    const pid_t second = up("tide", first);
    ASSERT_GT(second, 0);
    ASSERT_TRUE(eventually([&] { return count("tide.default(O): running") == 2; }));
    EXPECT_EQ(count("init again"), 2u);
    EXPECT_TRUE(
        logged("will restart immediately: the process was terminated by signal 9 (SIGKILL)"));
    EXPECT_EQ(number("tide", "restart_count"), 1);
    EXPECT_EQ(run({"pgrep", "--runstates", "D,R,S", "-g", std::to_string(first)}).exit_code, 1)
        << "nobody of the old group";
}

TEST_F(Failure, RestartsWaitBetweenMinimumAndMaximum) {
    package("tide", {{"hooks/run", "#!/bin/sh\necho tried\nexit 3\n"}});
    start({"acme/tide", "--service-min-backoff-period", "1", "--service-max-backoff-period", "1"});
    ASSERT_TRUE(eventually([&] { return count("tide.default(O): tried") >= 3; })) << log();
    EXPECT_TRUE(logged("will restart after 1.00 secs: the process exited with code 3"));
    EXPECT_TRUE(logged("Waiting before the next try after a failure"));
    ASSERT_EQ(terminate(), 0) << "also in the middle of a wait";
}

TEST_F(Failure, FailingInitBacksOffUntilItsCauseIsGone) {
    package("tide", {{"default.toml", "code = 4\n"},
                     {"hooks/init", "#!/bin/sh\nexit {{cfg.code}}\n"},
                     {"hooks/run", forever}});
    start({"acme/tide", "--service-min-backoff-period", "1", "--service-max-backoff-period", "1"});
    ASSERT_TRUE(logged("the init hook exited with code 4")) << log();
    EXPECT_EQ(text("tide", "process.state"), "down");
    write("/hab/user/tide/config/user.toml", "code = 0\n");
    EXPECT_GT(up("tide"), 0);
}

TEST_F(Failure, ASlowHookHoldsUpNobodyElse) {
    package("slow", {{"hooks/init", "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave sleep-forever\n"},
                     {"hooks/run", forever}});
    package("tide", {{"hooks/run", forever}});
    write("/hab/sup/default/specs/slow.spec", "ident = \"acme/slow\"\n");
    start();
    ASSERT_TRUE(logged("slow.default(SR): Initializing"));
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\n");
    EXPECT_GT(up("tide"), 0);
    EXPECT_EQ(terminate(), 0) << "and it is killed at the end";
    EXPECT_FALSE(any_alive("misbehave"));
}

TEST_F(Failure, AMissingUserIsToldAndTheSpecStays) {
    package("tide",
            {{"hooks/run", forever}, {"SVC_USER", "nobody-here\n"}, {"SVC_GROUP", "hab\n"}});
    start({"acme/tide"});
    ASSERT_TRUE(logged("runs as user 'nobody-here', which does not exist on this machine"))
        << log();
    EXPECT_TRUE(logged("useradd --system"));
    EXPECT_TRUE(fs::exists("/hab/sup/default/specs/tide.spec"));
    EXPECT_NE(text("tide", "failure").find("nobody-here"), std::string::npos);
    EXPECT_EQ(get("/services").status, 200) << "the supervisor itself is fine";
}

TEST_F(Failure, ABrokenTemplateIsToldWithItsPlaceAndCanBeMended) {
    package("tide", {{"hooks/run", forever}, {"config/tide.conf", "fine\n{{#if cfg.x}}\n"}});
    start({"acme/tide"});
    ASSERT_TRUE(logged("tide.conf:2:")) << log();
    EXPECT_TRUE(logged("Unable to start acme/tide"));
    EXPECT_TRUE(fs::exists("/hab/sup/default/specs/tide.spec"));
    write("/hab/pkgs/acme/tide/1.0.0/20260101000000/config/tide.conf", "fine\n");
    write("/hab/user/tide/config/user.toml", "try = \"again\"\n");
    EXPECT_GT(up("tide"), 0);
}

TEST_F(Failure, BrokenDefaultTomlIsToldWithItsPlace) {
    package("tide", {{"hooks/run", forever}, {"default.toml", "a = 1\nb = [1,\n"}});
    start({"acme/tide"});
    EXPECT_TRUE(logged("default.toml:")) << log();
    EXPECT_TRUE(logged("Unable to start acme/tide"));
}

TEST_F(Failure, ASupervisorForAPackageThatIsNoServiceEnds) {
    package("data", {{"content", "x\n"}});
    const auto result = run_for("acme/data");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("is not a service: it has neither a run hook nor a run file"),
              std::string::npos)
        << result.err;
    EXPECT_FALSE(fs::exists("/hab/sup/default/specs/data.spec"));
}

TEST_F(Failure, AMissingBindIsToldBeforeAnythingIsLoaded) {
    package("tide", {{"hooks/run", forever}, {"BINDS", "database=port\n"}});
    const auto result = run_for("acme/tide");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("needs the bind 'database', which was not given"), std::string::npos)
        << result.err;
    EXPECT_FALSE(fs::exists("/hab/sup/default/specs/tide.spec"));
}

TEST_F(Failure, ASupervisorWithOtherServicesGoesOnWithoutThePackage) {
    package("data", {{"content", "x\n"}});
    package("tide", {{"hooks/run", forever}});
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\n");
    start({"acme/data"});
    EXPECT_TRUE(logged("is not a service")) << log();
    EXPECT_TRUE(logged("goes on with the services that are loaded")) << log();
    EXPECT_GT(up("tide"), 0);
}

TEST_F(Failure, ARunHookThatCannotBeExecutedIsToldAndRetried) {
    package("tide", {{"hooks/run", "#!/nowhere/interpreter\n"}});
    start({"acme/tide", "--service-min-backoff-period", "1", "--service-max-backoff-period", "1"});
    EXPECT_TRUE(logged("cannot execute /hab/svc/tide/run: No such file or directory")) << log();
    EXPECT_TRUE(logged("will restart after 1.00 secs"));
}

TEST_F(Failure, WrongOptionsEndWithOneSentenceAndCode86) {
    const std::string launcher = program("libexec/hab/hab-launch").string();
    auto result = run({launcher, "run", "--no-such-option"});
    EXPECT_EQ(result.exit_code, 86);
    EXPECT_NE(result.err.find("does not know the option --no-such-option"), std::string::npos);
    result = run({launcher, "run", "--listen-http"});
    EXPECT_EQ(result.exit_code, 86);
    EXPECT_NE(result.err.find("--listen-http needs a value"), std::string::npos);
}

TEST_F(Failure, APortInUseIsNamed) {
    const int port = free_port();
    const Background blocker({program("tests/misbehave").string(), "listen", std::to_string(port),
                              "say", "listening", "sleep-forever"});
    ASSERT_TRUE(eventually([&] {
        return const_cast<Background&>(blocker).output().find("listening") != std::string::npos;
    }));
    const auto result = run({program("libexec/hab/hab-launch").string(), "run", "--listen-ctl",
                             "127.0.0.1:0", "--listen-http", fmt::format("127.0.0.1:{}", port)});
    EXPECT_EQ(result.exit_code, 86);
    EXPECT_NE(result.err.find(fmt::format("127.0.0.1:{}", port)), std::string::npos) << result.err;
}

TEST_F(Failure, WithoutASupervisorProgramTheLauncherGivesUp) {
    const auto result = run({program("libexec/hab/hab-launch").string(), "run"},
                            {.env = {{"HAB_SUP_BINARY", "/nowhere/hab-sup"}}});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("cannot execute /nowhere/hab-sup"), std::string::npos);
}

TEST_F(Failure, ASupervisorThatDiesBeforeItIsReadyIsNotStartedAgain) {
    const auto result = run({program("libexec/hab/hab-launch").string(), "run"},
                            {.env = {{"HAB_SUP_BINARY", "/bin/false"}}});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("before it was ready"), std::string::npos);
}

TEST_F(Failure, ExitCode84OfTheSupervisorIsSuccess) {
    const auto result = run({program("libexec/hab/hab-launch").string(), "run", "--help"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_NE(result.out.find("--listen-http"), std::string::npos);
}

TEST_F(Failure, HabSupAloneRefusesToRun) {
    const auto result = run({program("libexec/hab/hab-sup").string(), "run"});
    EXPECT_EQ(result.exit_code, 86);
    EXPECT_NE(result.err.find("was not started by hab-launch"), std::string::npos);
}

TEST_F(Failure, AConsoleThatNobodyReadsHoldsUpNothing) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\ni=0\nwhile [ $i -lt 4000 ]; do echo "
                      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; "
                      "i=$((i+1)); done\ntouch {{pkg.svc_data_path}}/done\n"
                      "exec {{pkg.path}}/bin/misbehave sleep-forever\n"}});
    ASSERT_EQ(::mkfifo("/hab/console", 0600), 0);
    const UniqueFd reader(::open("/hab/console", O_RDONLY | O_NONBLOCK));  // 64 KiB, never read
    ASSERT_TRUE(reader);
    sup_ = std::make_unique<Background>(
        std::vector<std::string>{"/bin/sh", "-c", "exec \"$@\" >/hab/console 2>&1", "sh",
                                 program("libexec/hab/hab-launch").string(), "run", "--listen-http",
                                 "127.0.0.1:0", "--listen-ctl", "127.0.0.1:0", "acme/tide"});
    ASSERT_TRUE(eventually([] { return fs::exists("/hab/sup/default/listen.json"); }));
    EXPECT_GT(up("tide"), 0);
    EXPECT_TRUE(eventually([] { return fs::exists("/hab/svc/tide/data/done"); }));
    EXPECT_EQ(terminate(), 0);
}

}  // namespace
}  // namespace hab::test
