// SPDX-License-Identifier: Apache-2.0
// The life of a service as an operator sees it.
#include "integration/gateway/gateway_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ServiceCommands : public GatewayTest {};

TEST_F(ServiceCommands, LoadStopStartUnload) {
    long_running("tide");
    start();
    EXPECT_EQ(hab({"svc", "status"}).out, "No services loaded.\n");
    EXPECT_EQ(hab({"svc", "status", "--format", "json"}).out, "[]\n");

    const auto loaded = hab({"svc", "load", "acme/tide", "--group", "blue"});
    ASSERT_EQ(loaded.exit_code, 0) << loaded.err << log();
    EXPECT_THAT(loaded.out, HasSubstr("The acme/tide service was successfully loaded\n"));
    const auto is = [&](const char* key, const Value& wanted) {
        return eventually([&] {
            const Value service = status();
            const Value* const value = service.at_path(key);
            return value != nullptr && *value == wanted;
        });
    };
    ASSERT_TRUE(is("state", "up")) << log();
    const auto table = hab({"svc", "status"});
    EXPECT_THAT(table.out, StartsWith("package                         type        desired  state  "
                                      "elapsed (s)  pid"));
    EXPECT_THAT(table.out,
                HasSubstr("acme/tide/1.0.0/20260101000000  standalone  up       up     "));
    EXPECT_THAT(table.out, HasSubstr("tide.blue\n"));

    const pid_t pid = static_cast<pid_t>(*status().at_path("pid")->as_int());
    ASSERT_EQ(hab({"svc", "stop", "acme/tide"}).exit_code, 0);
    EXPECT_FALSE(alive(pid)) << "stop returns when the process has ended";
    EXPECT_EQ(*status().at_path("desired"), Value("down"));
    EXPECT_EQ(*status().at_path("state"), Value("down"));
    ASSERT_EQ(hab({"svc", "start", "acme/tide"}).exit_code, 0);
    ASSERT_TRUE(is("state", "up")) << log();

    ASSERT_EQ(hab({"svc", "unload", "acme/tide"}).exit_code, 0);
    EXPECT_EQ(hab({"svc", "status"}).out, "No services loaded.\n");
    EXPECT_FALSE(fs::exists("/hab/sup/default/specs/tide.spec"));
}

TEST_F(ServiceCommands, AStopWithLittleTimeCutsDrainingShortAndStatusTellsReadiness) {
    package("tide", {{"hooks/run",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say running sleep-forever\n"},
                     {"hooks/ready", "#!/bin/sh\nexit 1\n"},
                     {"hooks/pre-stop",
                      "#!/bin/sh\nexec {{pkg.path}}/bin/misbehave say draining sleep-forever\n"}});
    start({"acme/tide"});
    ASSERT_GT(up("tide"), 0);
    EXPECT_EQ(*status().at_path("ready"), Value(false));
    EXPECT_THAT(hab({"svc", "status"}).err, HasSubstr("tide.default runs, but is not ready yet"));
    ASSERT_EQ(hab({"svc", "stop", "acme/tide", "--shutdown-timeout", "1"}).exit_code, 0) << log();
    EXPECT_THAT(log(), HasSubstr("hook[pre-stop]:(HK): draining"));
    EXPECT_THAT(log(), HasSubstr("The pre-stop hook did not end in time and was killed"));
    EXPECT_FALSE(any_alive("misbehave"));
}

TEST_F(ServiceCommands, ASecondServiceOfAPackageHasANameOfItsOwn) {
    long_running("tide");
    start();
    ASSERT_EQ(hab({"svc", "load", "acme/tide", "--name", "high"}).exit_code, 0);
    ASSERT_GT(up("high"), 0);
    EXPECT_EQ(hab({"svc", "stop", "acme/tide"}).exit_code, 0) << "the only one of its package";
    ASSERT_EQ(hab({"svc", "start", "acme/high"}).exit_code, 0);
    ASSERT_EQ(hab({"svc", "load", "acme/tide"}).exit_code, 0);
    const pid_t high = up("high");
    ASSERT_GT(up("tide"), 0);
    EXPECT_THAT(hab({"svc", "status", "acme/high"}).out, HasSubstr("high.default"));
    EXPECT_THAT(hab({"svc", "status", "acme/tide"}).out, HasSubstr("tide.default"));
    ASSERT_EQ(hab({"svc", "load", "acme/tide", "--name", "low"}).exit_code, 0);
    ASSERT_EQ(hab({"svc", "unload", "acme/tide"}).exit_code, 0) << "an exact name comes first";
    const auto unclear = hab({"svc", "stop", "acme/tide"});
    EXPECT_EQ(unclear.exit_code, 1);
    EXPECT_THAT(unclear.err, HasSubstr("acme/tide runs under several names"));
    EXPECT_THAT(unclear.err, HasSubstr("acme/high, acme/low"));
    EXPECT_TRUE(alive(high));
    const auto again = hab({"svc", "load", "acme/tide", "--name", "high"});
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.err, HasSubstr("already loaded"));
    const auto bad = hab({"svc", "load", "acme/tide", "--name", "../up"});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.err, HasSubstr("'../up' cannot name a service"));
}

TEST_F(ServiceCommands, UpdateChangesOneOption) {
    long_running("tide");
    start({"acme/tide"});
    const pid_t pid = up("tide");
    ASSERT_GT(pid, 0);
    ASSERT_EQ(hab({"svc", "update", "acme/tide", "--channel", "unstable"}).exit_code, 0);
    EXPECT_THAT(read("/hab/sup/default/specs/tide.spec"), HasSubstr("unstable"));
    EXPECT_EQ(up("tide"), pid) << "a new channel is no reason to restart";
    EXPECT_EQ(hab({"svc", "update", "acme/tide"}).exit_code, 2);
}

TEST_F(ServiceCommands, SupRestartKeepsServicesRunning) {
    long_running("tide");
    start({"acme/tide"});
    const pid_t pid = up("tide");
    const pid_t supervisor = supervisor_pid();
    const auto result = hab({"sup", "restart"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(eventually([&] {
        const pid_t now = supervisor_pid();
        return now != 0 && now != supervisor;
    })) << log();
    EXPECT_EQ(up("tide"), pid);
}

TEST_F(ServiceCommands, SupTermWaitsUntilEverythingIsGone) {
    long_running("tide");
    start({"acme/tide"});
    const pid_t pid = up("tide");
    const auto result = hab({"sup", "term"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_FALSE(alive(pid));
    EXPECT_EQ(sup_->wait(), 0);

    const auto again = hab({"sup", "term"});
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.err, HasSubstr("cannot stop the supervisor: none runs on this machine"));
}

}  // namespace
}  // namespace hab::test
