// SPDX-License-Identifier: Apache-2.0
// What operators see when something is wrong: one sentence, a hint, the exit code.
#include <fmt/format.h>

#include "integration/gateway/gateway_fixture.hpp"

namespace hab::test {
namespace {

using testing::HasSubstr;

class Refusals : public GatewayTest {};

TEST_F(Refusals, NobodyRuns) {
    const auto result = hab({"svc", "status"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("cannot find the control secret"));
    EXPECT_THAT(result.err, HasSubstr("hab sup run"));
    RunOptions options;
    options.env = {{"HAB_CTL_SECRET", "x"},
                   {"HAB_LISTEN_CTL", fmt::format("127.0.0.1:{}", free_port())}};
    const auto refused = hab({"svc", "status"}, options);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("cannot reach a supervisor at 127.0.0.1:"));
}

TEST_F(Refusals, WrongSecret) {
    start();
    RunOptions options;
    options.env = {{"HAB_CTL_SECRET", "guess"}};
    const auto result = hab({"svc", "status"}, options);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("secret key mismatch"));
    EXPECT_THAT(result.err, HasSubstr("CTL_SECRET"));
}

TEST_F(Refusals, ServicesThatAreNotThere) {
    long_running("tide");
    start();
    for (const char* command : {"start", "stop", "unload", "status"}) {
        const auto result = hab({"svc", command, "acme/tide"});
        EXPECT_EQ(result.exit_code, 1) << command;
        EXPECT_THAT(result.err, HasSubstr("Service not loaded, acme/tide")) << command;
    }
    ASSERT_EQ(hab({"svc", "load", "acme/tide"}).exit_code, 0);
    const auto twice = hab({"svc", "load", "acme/tide"});
    EXPECT_EQ(twice.exit_code, 1);
    EXPECT_THAT(twice.err, HasSubstr("Service already loaded. Unload 'acme/tide' and try again"));
}

TEST_F(Refusals, WrongUsage) {
    start();
    const std::vector<std::vector<std::string>> lines{
        {"svc", "load"},
        {"svc", "load", "not an ident"},
        {"svc", "load", "acme/tide", "--strategy", "sometimes"},
        {"svc", "load", "acme/tide", "--bind", "nonsense"},
        {"svc", "load", "acme/tide", "--shutdown-timeout", "soon"},
        {"svc", "status", "--format", "xml"},
        {"svc", "status", "--remote-sup", "host:port"},
        {"sup", "run", "--listen-http", "nonsense:port"},
        {"sup", "run", "--no-such-option"},
        {"start"},
    };
    for (const auto& line : lines) {
        const auto result = hab(line);
        EXPECT_EQ(result.exit_code, 2) << testing::PrintToString(line) << result.err;
        EXPECT_EQ(result.out, "") << testing::PrintToString(line);
        EXPECT_THAT(result.err, HasSubstr("✗✗✗")) << testing::PrintToString(line);
    }
}

TEST_F(Refusals, SecondSupervisor) {
    start();
    const auto result = hab({"sup", "run"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("one runs already on this machine"));
}

TEST_F(Refusals, PortInUse) {
    start();
    // The running one's HTTP port, from another world of state: same network, other FS_ROOT.
    const auto listen = read("/hab/sup/default/listen.json");
    const auto begin = listen.find("127.0.0.1:");
    const auto address = listen.substr(begin, listen.find('"', begin) - begin);
    RunOptions options;
    options.env = {{"FS_ROOT", "/hab/other-root"}};
    const auto result = hab({"sup", "run", "--listen-http", address, "--listen-ctl", "127.0.0.1:0",
                             "--listen-gossip", "127.0.0.1:0"},
                            options);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.out + result.err,
                HasSubstr("cannot listen on " + address + ": the address is already in use"));
}

}  // namespace
}  // namespace hab::test
