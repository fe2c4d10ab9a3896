// SPDX-License-Identifier: Apache-2.0
// Readiness, draining, and several services of one package.
#include <fmt/format.h>
#include <signal.h>

#include "sup_fixture.hpp"

namespace hab::test {
namespace {

const std::string forever =
    "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n";

class Contract : public SupervisorTest {
protected:
    bool ready(const std::string& name) {
        const Value document = service(name);
        const Value* value = document.at_path("ready");
        return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
    }
};

TEST_F(Contract, ThePreStopHookRunsWhileTheProcessStillDoes) {
    package("tide", {{"hooks/run", forever},
                     {"hooks/pre-stop",
                      "#!/bin/sh\nkill -0 $(cat {{pkg.svc_pid_file}}) && echo "
                      "draining with the process alive\n"},
                     {"hooks/post-stop", "#!/bin/sh\necho over\n"}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    EXPECT_EQ(terminate(), 0);
    const auto all = log();
    const auto drained = all.find("hook[pre-stop]:(HK): draining with the process alive");
    const auto signalled = all.find(fmt::format("Terminating service (PID: {})", pid));
    const auto over = all.find("hook[post-stop]:(HK): over");
    ASSERT_NE(over, std::string::npos) << all;
    EXPECT_LT(drained, signalled) << all;
    EXPECT_LT(signalled, over) << all;
}

TEST_F(Contract, ASecondTermEndsEvenAPreStopHookThatHangs) {
    package("tide", {{"hooks/run", forever},
                     {"hooks/pre-stop",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say hanging sleep-forever\n"}});
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    sup_->signal(SIGTERM);
    ASSERT_TRUE(logged("hook[pre-stop]:(HK): hanging")) << log();
    EXPECT_EQ(text("tide", "phase"), "draining");
    EXPECT_TRUE(alive(pid));
    sup_->signal(SIGTERM);
    EXPECT_EQ(sup_->wait(), 0) << log();
    EXPECT_FALSE(any_alive("misbehave"));
}

TEST_F(Contract, TheReadyHookDecidesNotTheProcess) {
    package("tide", {{"hooks/run", forever},
                     {"hooks/ready", "#!/bin/sh\ntest -e {{pkg.svc_data_path}}/open\n"}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    ASSERT_TRUE(logged("the ready hook exited with code 1")) << log();
    EXPECT_FALSE(ready("tide"));
    write("/hab/svc/tide/data/open", "");
    EXPECT_TRUE(eventually([&] { return ready("tide"); })) << log();
    EXPECT_TRUE(logged("tide.default(SR): Ready"));
    // Known to the next supervisor, which does not ask again.
    fs::remove("/hab/svc/tide/data/open");
    const pid_t old = supervisor_pid();
    ASSERT_EQ(::kill(old, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] { return supervisor_pid() > 0 && supervisor_pid() != old; }));
    EXPECT_TRUE(eventually([&] { return ready("tide"); })) << log();
}

TEST_F(Contract, AProcessTellsOnItsDescriptorThatItIsReady) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nexec 3>&3\nwhile [ ! -e {{pkg.svc_data_path}}/open ]; do "
                      "read x < {{pkg.svc_data_path}}/pipe; done\necho >&3\n"
                      "exec {{pkg.path}}/bin/misbehave sleep-forever\n"},
                     {"SVC_READY_FD", "3\n"}});
    fs::create_directories("/hab/svc/tide/data");
    ASSERT_EQ(run({"mkfifo", "/hab/svc/tide/data/pipe"}).exit_code, 0);
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    EXPECT_FALSE(ready("tide"));
    write("/hab/svc/tide/data/open", "");
    // Nobody reads any more if the process has found the file by itself.
    (void)run({"timeout", "10", "sh", "-c", "echo now > /hab/svc/tide/data/pipe"});
    EXPECT_TRUE(eventually([&] { return ready("tide"); })) << log();
}

TEST_F(Contract, ABadReadinessDescriptorIsNamed) {
    package("tide", {{"hooks/run", forever}, {"SVC_READY_FD", "2\n"}});
    start({"acme/tide"});
    EXPECT_TRUE(logged("SVC_READY_FD: '2' is no descriptor for readiness")) << log();
    EXPECT_TRUE(fs::exists("/hab/sup/default/specs/tide.spec"));
}

TEST_F(Contract, TwoServicesOfOnePackageHaveTheirOwnPlaces) {
    package("tide", {{"default.toml", "word = \"default\"\n"},
                     {"config/tide.conf", "{{cfg.word}} {{svc.service}} {{pkg.name}}\n"},
                     {"hooks/run", forever}});
    write("/hab/user/high/config/user.toml", "word = \"up\"\n");
    write("/hab/sup/default/specs/tide.spec", "ident = \"acme/tide\"\n");
    write("/hab/sup/default/specs/high.spec", "ident = \"acme/tide\"\nname = \"high\"\n");
    start();
    const pid_t one = up("tide");
    const pid_t two = up("high");
    ASSERT_GT(one, 0);
    ASSERT_GT(two, 0);
    EXPECT_NE(one, two);
    EXPECT_EQ(read("/hab/svc/tide/config/tide.conf"), "default tide tide\n");
    EXPECT_EQ(read("/hab/svc/high/config/tide.conf"), "up high tide\n");
    EXPECT_TRUE(logged("high.default(O): running"));
    fs::remove("/hab/sup/default/specs/high.spec");
    EXPECT_TRUE(eventually([&] { return !alive(two); }));
    EXPECT_TRUE(alive(one));
}

TEST_F(Contract, AnInstanceWhoseFileHasAnotherNameIsTold) {
    package("tide", {{"hooks/run", forever}});
    write("/hab/sup/default/specs/low.spec", "ident = \"acme/tide\"\nname = \"high\"\n");
    start();
    EXPECT_TRUE(
        logged("low.spec: the file is named after 'low', but its ident is acme/tide and "
               "its name high"))
        << log();
}

}  // namespace
}  // namespace hab::test
